/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.Subject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.threads.Threads;
import org.peercred.service.ThreadLimit;

@Timeout(120)
class CommandThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<CommandThreads> started = new ArrayList<>();

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
    private static final class Task implements CommandThreads.Task {
        final CountDownLatch end = new CountDownLatch(1);
        final CompletableFuture<Thread> begun = new CompletableFuture<>();
        final CompletableFuture<String> outcome = new CompletableFuture<>();
        volatile boolean waited;

        @Override
        public void run(boolean waited) {
            this.waited = waited;
            begun.complete(Thread.currentThread());
            try {
                CommandThreadsTest.awaitEnd(end);
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

    private CommandThreads threads(CommandThreads.Limits limits) {
        CommandThreads threads = new CommandThreads(limits);
        started.add(threads);
        return threads;
    }

    private static Task submit(CommandThreads threads, long uid) {
        Task task = new Task();
        threads.submit(uid, task);
        return task;
    }

    @AfterEach
    void stop() {
        started.forEach(CommandThreads::stop);
    }

    @Test
    void gives_each_running_command_a_thread_of_its_own() {
        CommandThreads threads = threads(limits(3, 3));
        List<Task> tasks = List.of(submit(threads, 1), submit(threads, 1), submit(threads, 2));
        tasks.forEach(Task::awaitBegin);
        assertEquals(3, tasks.stream().map(task -> task.begun.join()).distinct().count());
        tasks.forEach(task -> task.end.countDown());
        tasks.forEach(task -> assertEquals("ran", task.outcome()));
    }

    /** An operator who installs the bundle in Karaf's console makes its first threads. */
    @Test
    @SuppressWarnings("removal")
    void a_command_does_not_run_as_the_operator_who_started_the_bundle() throws Exception {
        CompletableFuture<Optional<Subject>> seen = new CompletableFuture<>();
        Subject.doAs(new Subject(), (PrivilegedExceptionAction<Void>) () -> {
            threads(limits(1, 1)).submit(1, new CommandThreads.Task() {
                @Override
                public void run(boolean waited) {
                    seen.complete(Optional.ofNullable(Subject.getSubject(AccessController.getContext())));
                }

                @Override
                public void refuse(String reason) {
                    seen.completeExceptionally(new AssertionError(reason));
                }
            });
            return null;
        });
        assertEquals(Optional.empty(), seen.get(60, TimeUnit.SECONDS));
    }

    @Test
    void lets_nobody_take_the_threads_of_other_users() {
        CommandThreads threads = threads(limits(3, 2));
        List<Task> greedy = List.of(submit(threads, 1), submit(threads, 1), submit(threads, 1), submit(threads, 1));
        Task other = submit(threads, 2);
        other.awaitBegin();
        assertFalse(greedy.get(2).begun.isDone());
        assertFalse(greedy.get(3).begun.isDone());
        greedy.get(0).end.countDown();
        greedy.get(2).awaitBegin();
        assertFalse(greedy.get(3).begun.isDone());
        other.end.countDown();
        greedy.forEach(task -> task.end.countDown());
        greedy.forEach(task -> assertEquals("ran", task.outcome()));
    }

    @Test
    void serves_users_that_wait_in_turn() {
        CommandThreads threads = threads(limits(1, 1));
        List<String> order = new CopyOnWriteArrayList<>();
        Task first = submit(threads, 9);
        AtomicInteger left = new AtomicInteger(6);
        CompletableFuture<Void> all = new CompletableFuture<>();
        for (String name : List.of("a1", "a2", "a3", "b1", "b2", "c1")) {
            threads.submit(name.charAt(0), new CommandThreads.Task() {
                @Override
                public void run(boolean waited) {
                    order.add(name);
                    if (left.decrementAndGet() == 0) {
                        all.complete(null);
                    }
                }

                @Override
                public void refuse(String reason) {
                    all.completeExceptionally(new AssertionError(reason));
                }
            });
        }
        first.end.countDown();
        all.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "a3"), order);
    }

    @Test
    void refuses_a_command_that_has_waited_too_long_and_serves_the_next() {
        CommandThreads threads =
                threads(new CommandThreads.Limits(1, 1, Duration.ofMillis(50), Duration.ofMillis(100)));
        Task slow = submit(threads, 1);
        Task late = submit(threads, 1);
        Task other = submit(threads, 2);
        assertEquals("busy, try again", late.outcome());
        assertEquals("busy, try again", other.outcome());
        assertFalse(late.begun.isDone());
        slow.end.countDown();
        assertEquals("ran", slow.outcome());
        Task next = new Task();
        next.end.countDown();
        await().atMost(LONG).until(() -> {
            Task attempt = new Task();
            attempt.end.countDown();
            threads.submit(2, attempt);
            return attempt.outcome().equals("ran");
        });
    }

    @Test
    void goes_on_after_a_task_that_throws() {
        CommandThreads threads = threads(limits(1, 1));
        threads.submit(1, new CommandThreads.Task() {
            @Override
            public void run(boolean waited) {
                throw new IllegalStateException("a test of throwing");
            }

            @Override
            public void refuse(String reason) {}
        });
        Task next = submit(threads, 1);
        next.end.countDown();
        assertEquals("ran", next.outcome());
    }

    @Test
    void tells_a_command_whether_it_had_to_wait() {
        CommandThreads threads = threads(limits(1, 1));
        Task first = submit(threads, 1);
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        threads.submit(1, new CommandThreads.Task() {
            @Override
            public void run(boolean waited) {
                second.complete(waited);
            }

            @Override
            public void refuse(String reason) {}
        });
        first.end.countDown();
        assertEquals(true, second.orTimeout(60, TimeUnit.SECONDS).join());
        assertEquals(false, first.waited);
    }

    @Test
    void what_is_withdrawn_waits_no_longer_and_what_runs_is_not_withdrawn() {
        CommandThreads threads = threads(limits(1, 1));
        Task running = new Task();
        CommandThreads.Waiting ofRunning = threads.submit(1, running);
        Task waiting = new Task();
        CommandThreads.Waiting ofWaiting = threads.submit(2, waiting);
        running.awaitBegin();
        assertEquals(2, threads.users());
        ofRunning.withdraw("too late");
        ofWaiting.withdraw("gone");
        ofWaiting.withdraw("gone twice");
        assertEquals("gone", waiting.outcome());
        assertEquals(1, threads.users());
        running.end.countDown();
        assertEquals("ran", running.outcome());
        await().atMost(LONG).until(() -> threads.users() == 0);
    }

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

    @Test
    void lets_a_command_come_to_its_end_when_stopped() {
        CommandThreads threads = threads(new CommandThreads.Limits(2, 2, LONG, LONG));
        Task running = submit(threads, 1);
        running.awaitBegin();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(threads::stop);
        Task late = new Task();
        await().atMost(LONG).until(() -> {
            Task probe = new Task();
            probe.end.countDown();
            threads.submit(2, probe);
            return probe.outcome().equals("the command service is stopping");
        });
        threads.submit(1, late);
        assertEquals("the command service is stopping", late.outcome());
        running.end.countDown();
        stopped.orTimeout(60, TimeUnit.SECONDS).join();
        assertEquals("ran", running.outcome());
    }

    @Test
    void interrupts_what_does_not_end_refuses_what_waits_and_leaves_no_thread() {
        CommandThreads threads = threads(limits(1, 1));
        Task endless = submit(threads, 1);
        endless.awaitBegin();
        Task waiting = submit(threads, 1);
        threads.stop();
        assertEquals("interrupted", endless.outcome());
        assertEquals("the command service is stopping", waiting.outcome());
        Thread worker = endless.begun.join();
        await().atMost(LONG).until(() -> !worker.isAlive());
    }

    @Test
    void keeps_no_thread_without_work_after_a_stop_and_starts_none_before_a_command() {
        long before = threadsNow();
        for (int i = 0; i < 100; i++) {
            CommandThreads threads = new CommandThreads(limits(4, 2));
            Task task = submit(threads, 1);
            task.end.countDown();
            assertEquals("ran", task.outcome());
            threads.stop();
            CommandThreads unused = new CommandThreads(limits(4, 2));
            unused.stop();
        }
        await().atMost(LONG).until(() -> threadsNow() <= before);
    }

    private static long threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("peercred-command"))
                .count();
    }
}
