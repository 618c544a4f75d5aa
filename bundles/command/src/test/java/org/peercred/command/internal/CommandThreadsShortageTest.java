/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.threads.Threads;
import org.peercred.service.ThreadLimit;

/** Whatever is short, who cannot have it is told so and takes no place. */
@Timeout(120)
class CommandThreadsShortageTest extends CommandThreadsFixture {

    /** Gives no thread as often as it is told. */
    private static final class Shortage implements java.util.concurrent.ThreadFactory {
        final AtomicInteger left = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new OutOfMemoryError("unable to create native thread: a test");
            }
            return Threads.daemon(task, "peercred-command-test");
        }
    }

    @Test
    void a_command_for_which_there_is_no_thread_is_refused_and_takes_no_place() {
        Shortage workers = new Shortage();
        CommandThreads threads = new CommandThreads(limits(2, 2), workers, new Shortage());
        started.add(threads);
        workers.left.set(10);
        for (int i = 0; i < 10; i++) {
            assertEquals("busy, try again", submit(threads, i).outcome());
        }
        assertEquals(0, threads.users());
        List<Task> both = List.of(submit(threads, 1), submit(threads, 1));
        both.forEach(Task::awaitBegin);
        both.forEach(task -> task.end.countDown());
        both.forEach(task -> assertEquals("ran", task.outcome()));
    }

    /** As the engine's {@code max.threads}. */
    private static ThreadLimit limit(AtomicInteger left) {
        return () -> {
            if (left.getAndUpdate(count -> Math.max(0, count - 1)) == 0) {
                return Optional.empty();
            }
            return Optional.of(left::incrementAndGet);
        };
    }

    @Test
    void a_command_beyond_what_all_services_may_have_is_refused_and_its_thread_is_given_back() {
        AtomicInteger left = new AtomicInteger(1);
        CommandThreads threads = threads(limits(5, 5));
        threads.share(limit(left));
        Task running = submit(threads, 1);
        running.awaitBegin();
        assertEquals("busy, try again", submit(threads, 2).outcome());
        assertEquals(1, threads.users());
        running.end.countDown();
        assertEquals("ran", running.outcome());
        Awaitility.await().until(() -> left.get() == 1);
    }

    @Test
    void what_waited_for_a_command_that_found_no_thread_has_its_turn() {
        CommandThreads threads = threads(limits(1, 1));
        List<Task> others = new ArrayList<>();
        threads.share(() -> {
            if (others.isEmpty()) {
                others.add(submit(threads, 1));
                others.add(submit(threads, 2));
                return Optional.empty();
            }
            return Optional.of(() -> {});
        });
        assertEquals("busy, try again", submit(threads, 1).outcome());
        for (Task other : others) {
            other.awaitBegin();
            assertTrue(other.waited);
            other.end.countDown();
            assertEquals("ran", other.outcome());
        }
        Awaitility.await().until(() -> threads.users() == 0);
    }

    @Test
    void what_waited_for_a_command_that_found_no_thread_and_finds_none_either_is_refused_at_once() {
        CommandThreads threads = threads(limits(1, 1));
        List<Task> others = new ArrayList<>();
        threads.share(() -> {
            if (others.isEmpty()) {
                others.add(submit(threads, 1));
                others.add(submit(threads, 2));
            }
            return Optional.empty();
        });
        assertEquals("busy, try again", submit(threads, 1).outcome());
        others.forEach(other -> assertEquals("busy, try again", other.outcome.getNow("waits")));
        assertEquals(0, threads.users());
    }

    @Test
    void one_thread_for_several_commands_in_turn_is_given_back_once() {
        AtomicInteger left = new AtomicInteger(5);
        CommandThreads threads = threads(limits(1, 1));
        threads.share(limit(left));
        List<Task> tasks = List.of(submit(threads, 1), submit(threads, 1), submit(threads, 2));
        tasks.forEach(task -> task.end.countDown());
        tasks.forEach(task -> assertEquals("ran", task.outcome()));
        Awaitility.await().until(() -> left.get() == 5);
    }

    @Test
    void a_command_whose_patience_nobody_can_measure_is_refused_and_takes_no_place() {
        Shortage clocks = new Shortage();
        CommandThreads threads = new CommandThreads(limits(1, 1), new Shortage(), clocks);
        started.add(threads);
        Task running = submit(threads, 1);
        clocks.left.set(3);
        for (int uid = 2; uid < 5; uid++) {
            assertEquals("busy, try again", submit(threads, uid).outcome());
        }
        assertEquals(1, threads.users());
        Task waiting = submit(threads, 2);
        running.end.countDown();
        waiting.end.countDown();
        assertEquals("ran", waiting.outcome());
    }

    @Test
    void whatever_commands_throw_all_places_are_there_afterwards() {
        CommandThreads threads = threads(new CommandThreads.Limits(2, 2, Duration.ofMillis(1), Duration.ofMillis(100)));
        for (int i = 0; i < 200; i++) {
            threads.submit(i % 7, new CommandThreads.Task() {
                @Override
                public void run(boolean waited) {
                    throw new OutOfMemoryError("a test of running out of memory");
                }

                @Override
                public void refuse(String reason) {
                    throw new StackOverflowError();
                }
            });
        }
        await().atMost(LONG).until(() -> threads.users() == 0);
        List<Task> both = List.of(submit(threads, 1), submit(threads, 1));
        both.forEach(Task::awaitBegin);
        both.forEach(task -> task.end.countDown());
        both.forEach(task -> assertEquals("ran", task.outcome()));
    }
}
