/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.peercred.access.AuditLog;
import org.peercred.access.AuditLog.Entry;

/**
 * Hands audit events from the audit's thread, which must not wait, to a session's terminal, which may be slow: what does not
 * fit in between is counted, and the count is shown.
 */
final class AuditFollower implements AutoCloseable {

    private static final int ROOM = 1000;
    private static final long LOOK_AROUND_MILLIS = 500;

    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>(ROOM);
    private final AtomicLong missed = new AtomicLong();
    private final AuditLog.Subscription subscription;

    /**
     * Collects events from now on.
     *
     * @param log where they come from
     * @param filter which are wanted
     */
    AuditFollower(AuditLog log, Predicate<Entry> filter) {
        subscription = log.followEntries(entry -> take(filter, entry));
    }

    private void take(Predicate<Entry> filter, Entry entry) {
        if (filter.test(entry) && !queue.offer(entry)) {
            missed.incrementAndGet();
        }
    }

    /**
     * Prints events until the thread is interrupted, which is what Ctrl-C does, or the output or the log is gone.
     *
     * @param shown events already shown: each is left out once, as it may have happened after this follower began
     * @param console the session's own output. An interrupt that meets a write to {@link System#out} would close the channel
     *     below it, and the session would never show anything again
     * @param show makes the text of an event
     * @param skipped makes the text that tells how many were too many
     * @param goOn asked about twice a second
     */
    void run(
            List<Entry> shown,
            PrintStream console,
            Function<Entry, String> show,
            LongFunction<String> skipped,
            BooleanSupplier goOn) {
        Set<Entry> known = new HashSet<>(shown);
        try {
            // The last question flushes, too.
            while (goOn.getAsBoolean() && !console.checkError()) {
                Entry entry = queue.poll(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
                for (; entry != null; entry = queue.poll()) {
                    if (!known.remove(entry)) {
                        console.println(show.apply(entry));
                    }
                }
                long lost = missed.getAndSet(0);
                if (lost > 0) {
                    console.println(skipped.apply(lost));
                }
            }
        } catch (InterruptedException e) {
            // The ordinary end. The status is not restored: the session's thread goes on to its next command.
            console.println();
        }
    }

    /** Collects no more. */
    @Override
    public void close() {
        subscription.close();
    }
}
