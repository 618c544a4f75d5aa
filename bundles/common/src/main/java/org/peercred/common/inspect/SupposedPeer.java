/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.common.linux.Ids;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.UserDatabase.Membership;

/**
 * Somebody who is not connected: a peer made of facts that were given, or read from a living process. Nothing of it is
 * attested. For one thread.
 */
public final class SupposedPeer implements Peer {

    /** {@code (gid_t) -1}, which the kernel gives to nobody: stands for a group id that was not given. */
    public static final long NO_GROUP = Ids.NONE;

    /** Where all is given. */
    public static final Fact<Membership> NOBODY_ASKED = Fact.absent(Grade.OBSERVED, "nobody was asked");

    private static final String GIVEN = "given";
    private static final String DATABASE = "user database";

    /**
     * Where the groups come from.
     *
     * @param gid where the first comes from, for a person to read
     * @param groups where the others come from
     */
    public record Sources(String gid, String groups) {}

    private final OptionalInt pid;
    private final long uid;
    private final OptionalLong gid;
    private final Fact<Set<Long>> groups;
    private final Sources sources;
    private final Optional<PinnedProcess> process;

    private SupposedPeer(
            OptionalInt pid,
            long uid,
            OptionalLong gid,
            Fact<Set<Long>> groups,
            Sources sources,
            Optional<PinnedProcess> process) {
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
        this.sources = sources;
        this.process = process;
    }

    /**
     * A peer of which only some facts are supposed.
     *
     * @param uid its user id
     * @param gid its group id, if given
     * @param groups its other groups, if given
     * @param login what the user database says, for what is not given; where it does not know either, nothing is known of the
     *     groups, also not that the first is one
     * @return the peer
     */
    public static SupposedPeer given(long uid, OptionalLong gid, Optional<Set<Long>> groups, Fact<Membership> login) {
        OptionalLong first = gid.isPresent() || login.value().isEmpty()
                ? gid
                : OptionalLong.of(login.value().get().gid());
        Fact<Set<Long>> all = groups.or(() -> login.value().map(Membership::groups))
                .map(others -> Fact.observed(with(others, first)))
                .orElseGet(() -> Fact.absent(Grade.OBSERVED, login.absence() + "; --groups gives them"));
        Sources sources = new Sources(gid.isPresent() ? GIVEN : DATABASE, groups.isPresent() ? GIVEN : DATABASE);
        return new SupposedPeer(OptionalInt.empty(), uid, first, all, sources, Optional.empty());
    }

    /**
     * A living process, as if it connected now.
     *
     * @param process the process, closed with the peer
     * @param status its ids, read while it was alive
     * @return the peer
     */
    public static SupposedPeer living(PinnedProcess process, ProcStatus status) {
        OptionalLong gid = OptionalLong.of(status.gid());
        return new SupposedPeer(
                OptionalInt.of(process.pid()),
                status.uid(),
                gid,
                Fact.observed(with(status.groups(), gid)),
                new Sources("observed", "observed"),
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

    /**
     * Where the groups come from.
     *
     * @return for a person to read
     */
    public Sources sources() {
        return sources;
    }

    /**
     * Whether {@link #gid()} is a fact.
     *
     * @return false if it is {@link #NO_GROUP}
     */
    public boolean isGidKnown() {
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
