/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the loop and a service's thread tell each other. */
@Timeout(120)
class ReadinessTest {

    private static final int MANY = 5_000_000;

    private final Readiness readiness = new Readiness();

    @Test
    void only_what_nobody_has_been_told_is_news() {
        assertFalse(readiness.isNoted());
        assertTrue(readiness.note());
        assertTrue(readiness.isNoted());
        assertFalse(readiness.note());
        readiness.takeBack();
        assertFalse(readiness.isNoted());
        assertTrue(readiness.note());
    }

    /** As a service reads: it takes the note back, takes what there is, and waits to be told where nothing was noted meanwhile. */
    @RepeatedTest(10)
    void whoever_waits_is_told_however_noting_and_taking_back_fall_together() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        Semaphore told = new Semaphore(0);
        Thread loop = new Thread(() -> {
            for (int i = 0; i < MANY; i++) {
                sent.incrementAndGet();
                if (readiness.note()) {
                    told.release();
                }
            }
        });
        loop.start();
        int received = 0;
        while (received < MANY) {
            readiness.takeBack();
            received = sent.get();
            if (received < MANY && !readiness.isNoted()) {
                assertTrue(told.tryAcquire(60, TimeUnit.SECONDS), "nobody was told of more than " + received);
            }
        }
        loop.join();
        assertEquals(MANY, received);
    }
}
