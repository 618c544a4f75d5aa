/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackgroundThreadsTest {

    private final BackgroundThreads background = new BackgroundThreads();

    @AfterEach
    void stop() {
        background.stop();
    }

    @Test
    void waits_for_a_quick_task() {
        AtomicBoolean ran = new AtomicBoolean();
        assertTrue(
                background.run(() -> ran.set(!Thread.currentThread().getName().equals("main"))));
        assertTrue(ran.get());
    }

    @Test
    void does_not_wait_long_for_a_slow_one_nor_does_that_hold_up_others() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        assertFalse(background.run(() -> {
            awaitQuietly(release);
            ended.countDown();
        }));
        CountDownLatch later = new CountDownLatch(1);
        background.after(Duration.ofMillis(10), later::countDown);
        assertTrue(later.await(10, TimeUnit.SECONDS));
        assertTrue(background.run(() -> {}));
        release.countDown();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
    }

    @Test
    void does_nothing_after_it_was_stopped() {
        AtomicBoolean ran = new AtomicBoolean();
        background.after(Duration.ofMillis(20), () -> ran.set(true));
        background.stop();
        assertFalse(background.run(() -> ran.set(true)));
        background.after(Duration.ZERO, () -> ran.set(true));
        assertFalse(ran.get());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
