/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.peercred.common.text.ForeignText;
import org.peercred.service.ListenerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the container is ready for its clients, and how its listeners are, in a line. For one thread. */
final class Readiness {

    /** How long a configured listener is waited for of which there is nothing to be seen: less than systemd waits for a start. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A line of systemctl status, in characters. */
    private static final int LONGEST = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final Supplier<List<ListenerSupervisor>> listeners;
    private final Supplier<OptionalInt> configured;
    private final LongSupplier clock;
    private final long began;

    /**
     * Begins to wait.
     *
     * @param listeners those there are
     * @param configured how many there should be; empty if that cannot be told
     * @param clock nanoseconds, as {@link System#nanoTime()}
     */
    Readiness(Supplier<List<ListenerSupervisor>> listeners, Supplier<OptionalInt> configured, LongSupplier clock) {
        this.listeners = listeners;
        this.configured = configured;
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    /** Whether every configured listener serves or has said why not. */
    boolean isReady() {
        List<ListenerSupervisor> there = listeners.get();
        OptionalInt expected = configured.get();
        if (expected.isPresent()
                && there.size() >= expected.getAsInt()
                && there.stream().allMatch(ListenerSupervisor::isSettled)) {
            return true;
        }
        if (clock.getAsLong() - began < PATIENCE_NANOS) {
            return false;
        }
        String known = expected.isPresent() ? String.valueOf(expected.getAsInt()) : "an unknown number";
        LOG.warn(
                "systemd is told that this container is ready, though not every listener is after {} s: {} are configured, {} were started. {}",
                TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS),
                known,
                there.size(),
                status());
        return true;
    }

    /** How the listeners are: one line, whatever they are called. */
    String status() {
        List<ListenerReport> reports =
                listeners.get().stream().map(ListenerSupervisor::report).toList();
        List<String> troubled = reports.stream()
                .filter(report -> !report.listening() || report.problem().isPresent())
                .map(ListenerReport::name)
                .sorted()
                .toList();
        int open = reports.stream().mapToInt(report -> report.counters().open()).sum();
        String status = (reports.size() - troubled.size()) + " of " + reports.size() + " listeners serve, " + open
                + " connections are open."
                + (troubled.isEmpty() ? "" : " In trouble: " + String.join(", ", troubled) + ".");
        return ForeignText.replace(status, LONGEST);
    }
}
