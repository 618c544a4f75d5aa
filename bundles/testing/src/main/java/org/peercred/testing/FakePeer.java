/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.access.AccessRequest;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/**
 * A peer made of facts that a test chooses.
 *
 * <p>As with a real one, facts other than the ids are read once and kept, and after {@link #close()} those that nobody read are
 * absent. It may be used by any thread, unless {@link Builder#owner} says by which.
 */
public final class FakePeer implements Peer {

    private static final int SOME_PID = 4242;

    private final long uid;
    private final long gid;
    private final OptionalInt pid;
    private final Optional<Thread> owner;
    private final ReadOnce<Set<Long>> groups;
    private final ReadOnce<PeerProcess> process;
    private final ReadOnce<String> securityLabel;
    private final Optional<FakeProcess> pinned;
    private volatile boolean closed;

    private FakePeer(Builder builder) {
        uid = builder.uid;
        gid = builder.gid;
        pid = builder.pid;
        owner = builder.owner;
        groups = new ReadOnce<>(builder.groups.orElseGet(() -> Fact.attested(Set.of(builder.gid))));
        process = new ReadOnce<>(builder.process);
        securityLabel = new ReadOnce<>(builder.securityLabel);
        pinned = builder.pinned;
    }

    /**
     * A process of a user, in a group with the user's number only: pid 4242, of which nothing else can be known.
     *
     * @param uid 0 to 4294967295
     * @return the peer
     * @throws IllegalArgumentException if there can be no such user
     */
    public static FakePeer of(long uid) {
        return builder(uid).build();
    }

    /**
     * Starts with what {@link #of} makes.
     *
     * @param uid 0 to 4294967295
     * @return to be told of other facts
     * @throws IllegalArgumentException if there can be no such user
     */
    public static Builder builder(long uid) {
        return new Builder(Ids.checked("The user id", uid));
    }

    /**
     * Asks to connect.
     *
     * @param listener the listener's name
     * @param requiredPolicies ids of the listener's required policies
     * @return the request, for a policy to evaluate
     */
    public AccessRequest connects(String listener, String... requiredPolicies) {
        return new AccessRequest(this, listener, AccessRequest.CONNECT, Set.of(requiredPolicies));
    }

    /**
     * Asks for a command.
     *
     * @param listener the name of the listener that the peer is connected to
     * @param name the command's name
     * @return the request, for a policy to evaluate
     */
    public AccessRequest runs(String listener, String name) {
        return new AccessRequest(this, listener, AccessRequest.command(name), Set.of());
    }

    /**
     * How often the groups were asked for.
     *
     * @return 0 or greater
     */
    public int groupsAsked() {
        return groups.asked();
    }

    /**
     * How often the process was asked for.
     *
     * @return 0 or greater
     */
    public int processAsked() {
        return process.asked();
    }

    @Override
    public OptionalInt pid() {
        return pid;
    }

    @Override
    public long uid() {
        return uid;
    }

    @Override
    public long gid() {
        return gid;
    }

    @Override
    public Fact<Set<Long>> groups() {
        return groups.read(reasonNotToRead());
    }

    @Override
    public Fact<PeerProcess> process() {
        return process.read(reasonNotToRead());
    }

    @Override
    public Fact<String> securityLabel() {
        return securityLabel.read(reasonNotToRead());
    }

    @Override
    public void close() {
        closed = true;
        pinned.ifPresent(FakeProcess::close);
    }

    private String reasonNotToRead() {
        if (owner.isPresent() && owner.get() != Thread.currentThread()) {
            throw new AssertionError("Facts are read by the thread that owns the connection, "
                    + owner.get().getName() + ", and by no other.");
        }
        return closed ? "the connection is closed" : "";
    }

    /** For people to read. */
    @Override
    public String toString() {
        return "uid " + uid + ", gid " + gid + (pid.isPresent() ? ", pid " + pid.getAsInt() : "");
    }

    /** Collects the facts of one peer; the last word on each counts. For one thread. */
    public static final class Builder {

        private final long uid;
        private long gid;
        private OptionalInt pid = OptionalInt.of(SOME_PID);
        private Optional<Thread> owner = Optional.empty();
        private Optional<Fact<Set<Long>>> groups = Optional.empty();
        private Fact<PeerProcess> process = Fact.absent(Grade.ATTESTED, "this test has no process");
        private Fact<String> securityLabel = Fact.absent(Grade.ATTESTED, "no security module labels sockets");
        private Optional<FakeProcess> pinned = Optional.empty();

        private Builder(long uid) {
            this.uid = uid;
            this.gid = uid;
        }

        /**
         * The group.
         *
         * @param value 0 to 4294967295
         * @return this
         * @throws IllegalArgumentException if there can be no such group
         */
        public Builder gid(long value) {
            gid = Ids.checked("The group id", value);
            return this;
        }

        /**
         * The process id.
         *
         * @param value 1 or greater
         * @return this
         * @throws IllegalArgumentException if there can be no such process
         */
        public Builder pid(int value) {
            pid = OptionalInt.of(Ids.checkedPid(value));
            return this;
        }

        /**
         * The process id is not known, nor the process: it lives in another PID namespace.
         *
         * @return this
         */
        public Builder noPid() {
            pid = OptionalInt.empty();
            return noProcess("the peer lives in a PID namespace that is not visible here");
        }

        /**
         * All groups, to which {@link #gid} is added.
         *
         * @param gids 0 to 4294967295 each
         * @return this
         * @throws IllegalArgumentException if there can be no such group
         */
        public Builder groups(long... gids) {
            Set<Long> all = new TreeSet<>();
            for (long each : gids) {
                all.add(Ids.checked("The group id", each));
            }
            groups = Optional.of(Fact.attested(all));
            return this;
        }

        /**
         * The groups cannot be had.
         *
         * @param reason half a sentence, such as {@code "this kernel has no SO_PEERGROUPS"}
         * @return this
         */
        public Builder noGroups(String reason) {
            groups = Optional.of(Fact.absent(Grade.ATTESTED, reason));
            return this;
        }

        /**
         * The process, and with it the process id. It is closed with the peer.
         *
         * @param value the process
         * @return this
         */
        public Builder process(FakeProcess value) {
            process = Fact.attested(value);
            pinned = Optional.of(value);
            return pid(value.pid());
        }

        /**
         * The process cannot be had.
         *
         * @param reason half a sentence, such as {@code "this kernel has no SO_PEERPIDFD (before Linux 6.5)"}
         * @return this
         */
        public Builder noProcess(String reason) {
            process = Fact.absent(Grade.ATTESTED, reason);
            pinned = Optional.empty();
            return this;
        }

        /**
         * The security label.
         *
         * @param value as the kernel spells it
         * @return this
         */
        public Builder securityLabel(String value) {
            securityLabel = Fact.attested(value);
            return this;
        }

        /**
         * The thread that owns the connection. When another asks for facts other than the ids, an {@link AssertionError} says
         * so: with a real peer they could be those of another connection, or absent.
         *
         * @param thread usually the test's own, which plays the event loop
         * @return this
         */
        public Builder owner(Thread thread) {
            owner = Optional.of(thread);
            return this;
        }

        /**
         * Makes the peer.
         *
         * @return another one each time
         */
        public FakePeer build() {
            groups.flatMap(Fact::value).ifPresent(all -> {
                Set<Long> whole = new TreeSet<>(all);
                whole.add(gid);
                groups = Optional.of(Fact.attested(Collections.unmodifiableSet(whole)));
            });
            return new FakePeer(this);
        }
    }
}
