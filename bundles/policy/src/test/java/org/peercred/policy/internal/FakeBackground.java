/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Background work on the test's own thread and clock. */
final class FakeBackground implements Background {

    private record Later(Duration at, long order, Runnable task) {}

    private final List<Later> later = new ArrayList<>();
    private final Deque<Runnable> stuck = new ArrayDeque<>();
    private Duration now = Duration.ZERO;
    private long order;

    /** Whether a task ends while its owner still waits for it. */
    boolean prompt = true;

    /** Whether a task ends in the very moment in which its owner gives up waiting. */
    boolean lastMoment;

    @Override
    public boolean run(Runnable task) {
        if (prompt) {
            task.run();
        } else {
            stuck.add(task);
        }
        return prompt && !lastMoment;
    }

    @Override
    public void after(Duration delay, Runnable task) {
        later.add(new Later(now.plus(delay), order++, task));
    }

    /** Lets the tasks that took too long end at last. */
    void unstick() {
        while (!stuck.isEmpty()) {
            stuck.remove().run();
        }
    }

    /** Lets time pass and does what falls due. */
    void pass(Duration time) {
        Duration until = now.plus(time);
        Optional<Later> next = next();
        while (next.isPresent() && next.get().at().compareTo(until) <= 0) {
            now = next.get().at();
            later.remove(next.get());
            next.get().task().run();
            next = next();
        }
        now = until;
    }

    /** How long until something falls due. */
    Optional<Duration> untilNext() {
        return next().map(task -> task.at().minus(now));
    }

    private Optional<Later> next() {
        return later.stream().min(Comparator.comparing(Later::at).thenComparing(Later::order));
    }
}
