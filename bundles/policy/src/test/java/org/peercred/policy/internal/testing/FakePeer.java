/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.access.AccessRequest;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/** A peer made of given facts; it counts how often each costly one was asked for. */
public final class FakePeer implements Peer {

    private final long uid;
    private OptionalInt pid = OptionalInt.of(4242);
    private Fact<Set<Long>> groups = Fact.absent(Grade.ATTESTED, "no groups in this test");
    private Fact<PeerProcess> process = Fact.absent(Grade.ATTESTED, "no process in this test");
    public int processAsked;
    public int groupsAsked;

    private FakePeer(long uid) {
        this.uid = uid;
    }

    public static FakePeer uid(long uid) {
        return new FakePeer(uid);
    }

    public FakePeer pid(int number) {
        pid = number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
        return this;
    }

    public FakePeer inGroups(Long... gids) {
        groups = Fact.attested(new TreeSet<>(Set.of(gids)));
        return this;
    }

    public FakePeer noGroups(String reason) {
        groups = Fact.absent(Grade.ATTESTED, reason);
        return this;
    }

    public FakePeer running(PeerProcess pinned) {
        process = Fact.attested(pinned);
        pid = OptionalInt.of(pinned.pid());
        return this;
    }

    public FakePeer noProcess(String reason) {
        process = Fact.absent(Grade.ATTESTED, reason);
        return this;
    }

    public AccessRequest connect(String listener, String... required) {
        return new AccessRequest(this, listener, AccessRequest.CONNECT, Set.of(required));
    }

    public AccessRequest command(String listener, String name) {
        return new AccessRequest(this, listener, AccessRequest.command(name), Set.of());
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
        return uid;
    }

    @Override
    public Fact<Set<Long>> groups() {
        groupsAsked++;
        return groups;
    }

    @Override
    public Fact<PeerProcess> process() {
        processAsked++;
        return process;
    }

    @Override
    public Fact<String> securityLabel() {
        return Fact.absent(Grade.ATTESTED, "no label in this test");
    }

    @Override
    public void close() {}
}
