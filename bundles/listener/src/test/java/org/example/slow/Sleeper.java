/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.slow;

import java.util.concurrent.CountDownLatch;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;

/** A service of somebody else's that does what no service may do: it blocks the event loop. */
public final class Sleeper implements LineService {

    /** Counted down when it blocks. */
    public final CountDownLatch asleep = new CountDownLatch(1);

    /** To be counted down to let it go on. */
    public final CountDownLatch wake = new CountDownLatch(1);

    @Override
    public LineSession open(PeerConnection connection) {
        return (line, replies) -> {
            asleep.countDown();
            try {
                wake.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            replies.put((byte) '\n');
        };
    }
}
