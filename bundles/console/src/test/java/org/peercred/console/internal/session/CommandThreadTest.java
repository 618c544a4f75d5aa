/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CommandThreadTest {

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<String> outcome = new CompletableFuture<>();
    private final AtomicInteger interrupted = new AtomicInteger();

    @Test
    void what_runs_is_interrupted_at_once() throws Exception {
        CommandThread thread = thread(new Stop(() -> false, TimeUnit.HOURS.toMillis(1)));
        assertTrue(thread.start());
        thread.end();
        assertEquals("interrupted", outcome());
        assertEquals(1, interrupted.get());
    }

    @Test
    void where_the_console_stops_it_comes_to_its_end() throws Exception {
        CommandThread thread = thread(new Stop(() -> true, TimeUnit.HOURS.toMillis(1)));
        assertTrue(thread.start());
        thread.end();
        goOn.countDown();
        assertEquals("done", outcome());
        await().until(() -> interrupted.get() == 1);
    }

    @Test
    void where_the_console_stops_it_is_interrupted_when_patience_is_over() throws Exception {
        CommandThread thread = thread(new Stop(() -> true, 1));
        assertTrue(thread.start());
        thread.end();
        assertEquals("interrupted", outcome());
        await().until(() -> interrupted.get() == 1);
    }

    @Test
    void what_was_ended_does_not_begin() {
        AtomicBoolean began = new AtomicBoolean();
        CommandThread thread =
                new CommandThread(() -> began.set(true), "peercred-console-1", () -> {}, new Stop(() -> false, 1));
        thread.end();
        assertFalse(thread.start());
        assertFalse(began.get());
    }

    private CommandThread thread(Stop stop) {
        return new CommandThread(
                () -> {
                    try {
                        goOn.await();
                        outcome.complete("done");
                    } catch (InterruptedException e) {
                        outcome.complete("interrupted");
                    }
                },
                "peercred-console-1",
                interrupted::incrementAndGet,
                stop);
    }

    private String outcome() throws InterruptedException, ExecutionException, TimeoutException {
        return outcome.get(60, TimeUnit.SECONDS);
    }
}
