/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class StartsTest {

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);

    @AfterEach
    void stop() {
        clock.shutdownNow();
    }

    @Test
    void one_more_waits_until_another_has_started() throws Exception {
        // a clock on which no time passes: its only thread is busy
        ScheduledThreadPoolExecutor still = new ScheduledThreadPoolExecutor(1);
        Future<?> busy = still.schedule(() -> new CountDownLatch(1).await(5, TimeUnit.MINUTES), 0, TimeUnit.SECONDS);
        Starts starts = new Starts(still);
        Starts.Start first = starts.begin();
        for (int i = 1; i < Starts.MOST; i++) {
            starts.begin();
        }
        CompletableFuture<Starts.Start> late = later(starts);
        assertThrows(TimeoutException.class, () -> late.get(300, TimeUnit.MILLISECONDS));
        first.ended();
        first.ended();
        late.get(60, TimeUnit.SECONDS);
        CompletableFuture<Starts.Start> later = later(starts);
        assertThrows(TimeoutException.class, () -> later.get(300, TimeUnit.MILLISECONDS));
        assertTrue(busy.cancel(true));
        still.shutdownNow();
    }

    @Test
    void those_that_do_not_start_hold_up_nobody_for_good() throws Exception {
        Starts starts = new Starts(clock);
        for (int i = 0; i < Starts.MOST; i++) {
            starts.begin();
        }
        later(starts).get(60, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Starts.Start> later(Starts starts) {
        CompletableFuture<Starts.Start> begun = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                begun.complete(starts.begin());
            } catch (InterruptedException e) {
                begun.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return begun;
    }
}
