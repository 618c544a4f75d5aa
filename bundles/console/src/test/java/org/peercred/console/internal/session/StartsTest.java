/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
        Starts.Start first = starts.begin(0);
        for (int i = 1; i < Starts.MOST; i++) {
            starts.begin(i);
        }
        CompletableFuture<Starts.Start> late = later(starts, 100);
        assertThrows(TimeoutException.class, () -> late.get(300, TimeUnit.MILLISECONDS));
        first.ended();
        first.ended();
        late.get(60, TimeUnit.SECONDS);
        CompletableFuture<Starts.Start> later = later(starts, 100);
        assertThrows(TimeoutException.class, () -> later.get(300, TimeUnit.MILLISECONDS));
        assertTrue(busy.cancel(true));
        still.shutdownNow();
    }

    @Test
    void those_that_do_not_start_hold_up_nobody_for_good() throws Exception {
        Starts starts = new Starts(clock);
        for (int i = 0; i < Starts.MOST; i++) {
            starts.begin(i);
        }
        later(starts, 100).get(60, TimeUnit.SECONDS);
    }

    @Test
    void many_of_one_user_leave_room_for_another_and_nothing_is_left_of_them() throws Exception {
        ScheduledThreadPoolExecutor still = new ScheduledThreadPoolExecutor(1);
        Future<?> busy = still.schedule(() -> new CountDownLatch(1).await(5, TimeUnit.MINUTES), 0, TimeUnit.SECONDS);
        Starts starts = new Starts(still);
        List<Starts.Start> begun = new ArrayList<>();
        List<CompletableFuture<Starts.Start>> waiting = new ArrayList<>();
        for (int i = 0; i < Starts.MOST_OF_ONE; i++) {
            begun.add(starts.begin(1001));
        }
        for (int i = 0; i < 20; i++) {
            waiting.add(later(starts, 1001));
        }
        begun.add(later(starts, 1002).get(60, TimeUnit.SECONDS));
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        List<CompletableFuture<Void>> ended =
                waiting.stream().map(one -> one.thenAccept(Starts.Start::ended)).toList();
        begun.forEach(Starts.Start::ended);
        for (CompletableFuture<Void> one : ended) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, starts.users());
        assertTrue(busy.cancel(true));
        still.shutdownNow();
    }

    @Test
    void who_is_interrupted_or_finds_no_clock_takes_no_room() throws Exception {
        ScheduledThreadPoolExecutor gone = new ScheduledThreadPoolExecutor(1);
        gone.shutdownNow();
        Starts broken = new Starts(gone);
        for (int i = 0; i < 3 * Starts.MOST; i++) {
            assertThrows(RejectedExecutionException.class, () -> broken.begin(1001));
        }
        Starts starts = new Starts(clock);
        for (int i = 0; i < 3 * Starts.MOST; i++) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> starts.begin(1001));
        }
        assertEquals(0, broken.users());
        assertEquals(0, starts.users());
        starts.begin(1001).ended();
    }

    private static CompletableFuture<Starts.Start> later(Starts starts, long uid) {
        CompletableFuture<Starts.Start> begun = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                begun.complete(starts.begin(uid));
            } catch (InterruptedException e) {
                begun.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return begun;
    }
}
