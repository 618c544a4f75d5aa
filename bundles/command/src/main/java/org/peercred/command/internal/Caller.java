/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.OptionalInt;
import java.util.Set;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/**
 * What is known of a peer without asking the kernel again, so that any thread may look at it at any time, also after the
 * connection has ended.
 *
 * @param pid as at connect
 * @param uid as at connect
 * @param gid as at connect
 * @param groups as at connect
 * @param securityLabel as at connect
 */
record Caller(OptionalInt pid, long uid, long gid, Fact<Set<Long>> groups, Fact<String> securityLabel) implements Peer {

    private static final Fact<PeerProcess> NO_PROCESS =
            Fact.absent(Grade.ATTESTED, "the process can be asked on the connection's event loop only");

    /** Reads the facts, on the connection's loop. */
    static Caller of(Peer peer) {
        return new Caller(peer.pid(), peer.uid(), peer.gid(), peer.groups(), peer.securityLabel());
    }

    @Override
    public Fact<PeerProcess> process() {
        return NO_PROCESS;
    }

    @Override
    public void close() {}
}
