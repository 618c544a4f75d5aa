/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.peercred.common.reload.Chores;
import org.peercred.policy.internal.background.Background;

/** Background work on the test's own thread and clock. */
public final class FakeBackground implements Background {

    private record Later(Duration at, long order, Chore chore, Runnable task) {}

    private final List<Later> later = new ArrayList<>();
    private final Deque<Runnable> stuck = new ArrayDeque<>();
    private Duration now = Duration.ZERO;
    private long order;

    /** Whether a task ends while its owner still waits for it. */
    public boolean prompt = true;

    /** Whether there is no thread for a task. */
    public boolean full;

    /** Whether a task ends in the very moment in which its owner gives up waiting. */
    public boolean lastMoment;

    @Override
    public boolean run(Runnable task) {
        if (full) {
            throw new OutOfMemoryError("unable to create native thread: a test");
        }
        if (prompt) {
            task.run();
        } else {
            stuck.add(task);
        }
        return prompt && !lastMoment;
    }

    @Override
    public Chore chore(Runnable task) {
        return new Chore() {
            @Override
            public void in(Duration delay) {
                later.removeIf(other -> other.chore() == this);
                later.add(new Later(now.plus(delay), order++, this, task));
            }
        };
    }

    /** Lets the tasks that took too long end at last. */
    public void unstick() {
        while (!stuck.isEmpty()) {
            stuck.remove().run();
        }
    }

    /** Lets time pass and does what falls due. */
    public void pass(Duration time) {
        Duration until = now.plus(time);
        Optional<Later> next = next();
        while (next.isPresent() && next.get().at().compareTo(until) <= 0) {
            now = next.get().at();
            later.remove(next.get());
            try {
                next.get().task().run();
            } catch (Throwable e) {
                next.get().chore().in(Chores.PAUSE);
            }
            next = next();
        }
        now = until;
    }

    /** How long until something falls due. */
    public Optional<Duration> untilNext() {
        return next().map(task -> task.at().minus(now));
    }

    private Optional<Later> next() {
        return later.stream().min(Comparator.comparing(Later::at).thenComparing(Later::order));
    }
}
