/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;

/** What other threads have a loop do, in the order in which it came. */
final class Tasks {

    /** Tasks between two looks at the descriptors, so that tasks that bring forth tasks keep nobody waiting. */
    private static final int BATCH = 256;

    private final EventLoop loop;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    Tasks(EventLoop loop) {
        this.loop = loop;
    }

    /** May be called by any thread. */
    void add(Runnable task) {
        tasks.add(task);
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Does some of them. Called on the loop. */
    void run() {
        for (int i = 0; i < BATCH; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            try {
                task.run();
            } catch (Throwable e) {
                loop.discard("A task of the event loop failed", e);
            }
        }
    }

    /** Drops them all, and tells those who wait for one that it will not be done. May be called by any thread. */
    void drop() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof Future<?> awaited) {
                awaited.cancel(false);
            }
        }
    }
}
