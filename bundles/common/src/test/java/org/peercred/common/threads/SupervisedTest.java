/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SupervisedTest {

    private static final long JOIN_MILLIS = 20_000;

    @Test
    void runs_as_a_daemon_until_the_work_returns() {
        AtomicReference<Thread> seen = new AtomicReference<>();
        Supervised supervised = new Supervised("worker", () -> seen.set(Thread.currentThread()));
        assertTrue(supervised.start());
        assertTrue(supervised.join(JOIN_MILLIS));
        assertTrue(seen.get().isDaemon());
        assertEquals("worker", seen.get().getName());
        assertNotSame(Thread.currentThread(), seen.get());
        assertFalse(supervised.start());
    }

    @Test
    void begins_again_whatever_the_work_throws() {
        AtomicInteger runs = new AtomicInteger();
        Supervised supervised = new Supervised("worker", () -> {
            switch (runs.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("injected");
                case 2 -> throw new IllegalStateException("injected");
                case 3 -> throw new NoClassDefFoundError("injected");
                default -> {}
            }
        });
        assertTrue(supervised.start());
        assertTrue(supervised.join(JOIN_MILLIS));
        assertEquals(4, runs.get());
    }

    @Test
    void work_that_was_interrupted_and_fails_is_begun_again_after_a_pause_and_uninterrupted() {
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Supervised supervised = new Supervised("worker", () -> {
            interrupted.add(Thread.currentThread().isInterrupted());
            if (interrupted.size() == 1) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("injected");
            }
        });
        assertTrue(supervised.start());
        assertTrue(supervised.join(JOIN_MILLIS));
        assertEquals(List.of(false, false), interrupted);
    }

    @Test
    void begins_again_where_the_failure_cannot_even_be_told() {
        AtomicInteger runs = new AtomicInteger();
        Supervised supervised = new Supervised("worker", () -> {
            if (runs.incrementAndGet() == 1) {
                throw new Untellable();
            }
        });
        assertTrue(supervised.start());
        assertTrue(supervised.join(JOIN_MILLIS));
        assertEquals(2, runs.get());
    }

    @Test
    void work_that_fails_is_not_begun_again_after_a_stop() throws Exception {
        CountDownLatch failed = new CountDownLatch(2);
        Supervised supervised = new Supervised("worker", () -> {
            failed.countDown();
            throw new OutOfMemoryError("injected");
        });
        assertTrue(supervised.start());
        assertTrue(failed.await(60, TimeUnit.SECONDS));
        supervised.stop();
        assertTrue(supervised.join(JOIN_MILLIS));
        assertFalse(supervised.start());
    }

    @Test
    void wakes_work_that_is_parked() {
        AtomicInteger over = new AtomicInteger();
        Supervised supervised = new Supervised("worker", () -> {
            while (over.get() == 0) {
                LockSupport.park(over);
            }
        });
        supervised.wake();
        assertTrue(supervised.start());
        over.set(1);
        supervised.wake();
        assertTrue(supervised.join(JOIN_MILLIS));
    }

    @Test
    void tries_again_where_the_system_has_no_thread_to_give() {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Supervised supervised = new Supervised("worker", runs::incrementAndGet, (body, name) -> {
            if (tries.incrementAndGet() == 1) {
                return new Thread(body, name) {
                    @Override
                    public synchronized void start() {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                };
            }
            return new Thread(body, name);
        });
        long before = System.nanoTime();
        assertFalse(supervised.start());
        boolean again = supervised.start();
        assertTrue(
                (!again && tries.get() == 1) || System.nanoTime() - before >= TimeUnit.SECONDS.toNanos(1),
                "not more than once a second");
        while (!again && !supervised.start()) {
            Thread.onSpinWait();
        }
        assertTrue(supervised.join(JOIN_MILLIS));
        assertEquals(1, runs.get());
        assertEquals(2, tries.get());
    }

    private static final class Untellable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("injected");
        }
    }
}
