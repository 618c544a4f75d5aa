/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;

/** The kernel's word, except for those who shall be taken for somebody else. */
final class Disguise implements PeerCredentialProvider {

    private record Waiting(Peer shown, CountDownLatch used) {}

    private final PeerCredentialProvider kernel;
    private final Queue<Waiting> next = new ConcurrentLinkedQueue<>();

    Disguise(PeerCredentialProvider kernel) {
        this.kernel = kernel;
    }

    /** Takes whoever connects next for this peer; counted down when somebody has. */
    CountDownLatch show(Peer peer) {
        CountDownLatch used = new CountDownLatch(1);
        next.add(new Waiting(peer, used));
        return used;
    }

    static void await(CountDownLatch used) {
        try {
            if (!used.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("Nobody was identified within " + Patience.SECONDS + " seconds.");
            }
        } catch (InterruptedException e) {
            throw Patience.interrupted(e);
        }
    }

    @Override
    public Peer identify(int socketDescriptor) throws PeerCredentialException {
        Waiting waiting = next.poll();
        if (waiting == null) {
            return kernel.identify(socketDescriptor);
        }
        waiting.used().countDown();
        return waiting.shown();
    }

    @Override
    public long daemonUid() {
        return kernel.daemonUid();
    }

    @Override
    public long overflowUid() {
        return kernel.overflowUid();
    }

    @Override
    public long overflowGid() {
        return kernel.overflowGid();
    }
}
