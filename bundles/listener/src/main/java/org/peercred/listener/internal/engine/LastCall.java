/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Has those heard who were let in last, before a listener stops whose clients can wait for the next one: accepted, they cannot go back into
 * the kernel's queue, and what they ask would be lost.
 */
final class LastCall {

    /** How long somebody who was let in may take to ask: this is no promise to who does nothing. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private LastCall() {}

    /**
     * Waits until all have had an answer who were let in within the latest two seconds, and two seconds at most. The listener must take in
     * nobody more.
     */
    static void await(List<Shard> shards, String listener) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (isAnyUnheard(shards, listener)
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The first look comes after the turn in which a loop accepted last. */
    private static boolean isAnyUnheard(List<Shard> shards, String listener) {
        AtomicBoolean any = new AtomicBoolean();
        AllLoops.await(
                AllLoops.run(shards, shard -> shard.worker, shard -> {
                    if (shard.hasUnheard(PATIENCE_NANOS)) {
                        any.set(true);
                    }
                }),
                listener);
        return any.get();
    }
}
