/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.reload.Chores;
import org.peercred.common.threads.Threads;

@Timeout(120)
class BackgroundThreadsTest {

    private final BackgroundThreads background = new BackgroundThreads();

    @AfterEach
    void stop() {
        background.stop();
    }

    @Test
    void waits_for_a_quick_task() {
        BackgroundThreads patient = new BackgroundThreads(task -> Threads.daemon(task, "peercred-policy-test"), 60_000);
        try {
            AtomicBoolean ran = new AtomicBoolean();
            assertTrue(
                    patient.run(() -> ran.set(!Thread.currentThread().getName().equals("main"))));
            assertTrue(ran.get());
        } finally {
            patient.stop();
        }
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
        background.chore(later::countDown).in(Duration.ofMillis(10));
        assertTrue(later.await(60, TimeUnit.SECONDS));
        CountDownLatch other = new CountDownLatch(1);
        background.run(other::countDown);
        assertTrue(other.await(60, TimeUnit.SECONDS));
        release.countDown();
        assertTrue(ended.await(60, TimeUnit.SECONDS));
    }

    @Test
    void does_nothing_after_it_was_stopped() {
        AtomicBoolean ran = new AtomicBoolean();
        background.chore(() -> ran.set(true)).in(Duration.ofMillis(20));
        background.stop();
        assertThrows(RejectedExecutionException.class, () -> background.run(() -> ran.set(true)));
        background.chore(() -> ran.set(true)).in(Duration.ZERO);
        assertFalse(ran.get());
    }

    /** Gives no thread as often as it is told. */
    private static BackgroundThreads withShortage(AtomicInteger left) {
        return new BackgroundThreads(
                task -> {
                    if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new OutOfMemoryError("unable to create native thread: a test");
                    }
                    return Threads.daemon(task, "peercred-policy-test");
                },
                60_000);
    }

    @Test
    void a_chore_is_done_even_if_there_was_no_thread_for_it() throws InterruptedException {
        AtomicInteger left = new AtomicInteger(1);
        BackgroundThreads scarce = withShortage(left);
        try {
            CountDownLatch done = new CountDownLatch(1);
            scarce.chore(done::countDown).in(Duration.ZERO);
            assertTrue(done.await(60, TimeUnit.SECONDS));
            assertEquals(0, left.get());
        } finally {
            scarce.stop();
        }
    }

    @Test
    void whatever_a_chore_throws_it_is_done_again() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(3);
        background
                .chore(() -> {
                    done.countDown();
                    if (done.getCount() == 2) {
                        throw new OutOfMemoryError("a test of running out of memory");
                    }
                    if (done.getCount() == 1) {
                        throw new StackOverflowError();
                    }
                })
                .in(Duration.ZERO);
        assertTrue(done.await(60, TimeUnit.SECONDS));
    }

    @Test
    void a_chore_that_is_at_work_is_done_once_more_if_it_is_wanted_meanwhile() throws InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch twice = new CountDownLatch(2);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Chores.Chore chore = background.chore(() -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            atWork.countDown();
            awaitQuietly(release);
            atOnce.decrementAndGet();
            twice.countDown();
        });
        chore.in(Duration.ZERO);
        assertTrue(atWork.await(60, TimeUnit.SECONDS));
        chore.in(Duration.ZERO);
        chore.in(Duration.ofMillis(1));
        release.countDown();
        assertTrue(twice.await(60, TimeUnit.SECONDS));
        assertEquals(1, most.get());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
