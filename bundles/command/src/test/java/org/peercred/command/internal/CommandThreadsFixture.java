/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** Threads for commands, and commands that run until they are told to end. */
abstract class CommandThreadsFixture {

    static final Duration LONG = Duration.ofSeconds(30);

    final List<CommandThreads> started = new ArrayList<>();

    static CommandThreads.Limits limits(int total, int perUser) {
        return new CommandThreads.Limits(total, perUser, LONG, Duration.ofMillis(100));
    }

    static void awaitEnd(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A command that runs until it is told to end. */
    static final class Task implements CommandThreads.Task {
        final CountDownLatch end = new CountDownLatch(1);
        final CompletableFuture<Thread> begun = new CompletableFuture<>();
        final CompletableFuture<String> outcome = new CompletableFuture<>();
        volatile boolean waited;

        @Override
        public void run(boolean waited) {
            this.waited = waited;
            begun.complete(Thread.currentThread());
            try {
                awaitEnd(end);
                outcome.complete("ran");
            } catch (IllegalStateException e) {
                outcome.complete("interrupted");
            }
        }

        @Override
        public void refuse(String reason) {
            outcome.complete(reason);
        }

        String outcome() {
            return outcome.orTimeout(60, TimeUnit.SECONDS).join();
        }

        void awaitBegin() {
            begun.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    CommandThreads threads(CommandThreads.Limits limits) {
        CommandThreads threads = new CommandThreads(limits);
        started.add(threads);
        return threads;
    }

    static Task submit(CommandThreads threads, long uid) {
        Task task = new Task();
        threads.submit(uid, task);
        return task;
    }

    @AfterEach
    void stop() {
        started.forEach(CommandThreads::stop);
    }
}
