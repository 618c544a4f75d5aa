/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets a thread when, and what becomes of the others. */
@Timeout(120)
class CommandThreadsTest extends CommandThreadsFixture {

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
