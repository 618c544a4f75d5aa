/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a thread that is none of theirs get something done on several loops. */
final class AllLoops {

    private static final Logger LOG = LoggerFactory.getLogger(AllLoops.class);
    private static final long PATIENCE_MILLIS = 3000;

    private AllLoops() {}

    /** Has something done on several loops. They do their tasks in order, so that one need not wait before the next. */
    static <T> CompletableFuture<Void> run(List<T> which, Function<T, Worker> workerOf, Consumer<T> action) {
        return CompletableFuture.allOf(which.stream()
                .map(each -> {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    workerOf.apply(each).loop.execute(() -> {
                        try {
                            action.accept(each);
                        } finally {
                            done.complete(null);
                        }
                    });
                    return done;
                })
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Waits a while: a loop that a service blocks must not block those who want to stop it too. */
    static void await(CompletableFuture<Void> work, String listener) {
        try {
            work.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("Listener {}: an event loop did not answer within {} ms.", listener, PATIENCE_MILLIS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
