/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PinnedProcess;

/**
 * Somebody who is not connected: a peer made of facts that were given, or read from a living process. Nothing of it is
 * attested. For one thread.
 */
final class SupposedPeer implements Peer {

    /** {@code (gid_t) -1}, which the kernel gives to nobody: stands for a group id that was not given. */
    static final long NO_GROUP = 0xFFFFFFFFL;

    private final OptionalInt pid;
    private final long uid;
    private final OptionalLong gid;
    private final Fact<Set<Long>> groups;
    private final Optional<PinnedProcess> process;

    private SupposedPeer(
            OptionalInt pid, long uid, OptionalLong gid, Fact<Set<Long>> groups, Optional<PinnedProcess> process) {
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
        this.process = process;
    }

    /**
     * A peer of which only some facts are supposed.
     *
     * @param uid its user id
     * @param gid its group id, if given
     * @param groups its other groups, if given; without them nothing is known of its groups, also not that the first is one
     * @return the peer
     */
    static SupposedPeer given(long uid, OptionalLong gid, Optional<Set<Long>> groups) {
        Fact<Set<Long>> fact = groups.map(others -> Fact.observed(with(others, gid)))
                .orElseGet(() -> Fact.absent(Grade.OBSERVED, "the groups are not given"));
        return new SupposedPeer(OptionalInt.empty(), uid, gid, fact, Optional.empty());
    }

    /**
     * A living process, as if it connected now.
     *
     * @param process the process, closed with the peer
     * @param status its ids, read while it was alive
     * @return the peer
     */
    static SupposedPeer living(PinnedProcess process, ProcStatus status) {
        OptionalLong gid = OptionalLong.of(status.gid());
        return new SupposedPeer(
                OptionalInt.of(process.pid()),
                status.uid(),
                gid,
                Fact.observed(with(status.groups(), gid)),
                Optional.of(process));
    }

    private static Set<Long> with(Set<Long> others, OptionalLong gid) {
        Set<Long> all = new TreeSet<>(others);
        gid.ifPresent(all::add);
        return Set.copyOf(all);
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
        return gid.orElse(NO_GROUP);
    }

    /** Whether {@link #gid()} is a fact. */
    boolean isGidKnown() {
        return gid.isPresent();
    }

    @Override
    public Fact<Set<Long>> groups() {
        return groups;
    }

    @Override
    public Fact<PeerProcess> process() {
        return process.map(pinned -> Fact.<PeerProcess>observed(pinned))
                .orElseGet(() -> Fact.absent(Grade.OBSERVED, "the process is not given"));
    }

    @Override
    public Fact<String> securityLabel() {
        return Fact.absent(Grade.OBSERVED, "only a connection has a security label");
    }

    @Override
    public void close() {
        process.ifPresent(PinnedProcess::close);
    }
}
