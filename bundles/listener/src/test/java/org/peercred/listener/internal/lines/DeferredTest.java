/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.DeferringService;
import org.peercred.listener.internal.testing.FailingWakeup;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;
import org.peercred.service.Replies;

@Timeout(120)
class DeferredTest {

    private final DeferringService answers = new DeferringService();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        server.offer(answers);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void takes_one_line_at_a_time_and_answers_in_order() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\nb\nc\n");
            for (int i = 0; i < 3; i++) {
                answers.await(i + 1);
                assertEquals(i + 1, answers.owed.size());
                answers.complete(i, "answer " + i + "\n");
                assertEquals("answer " + i, client.line());
            }
            assertEquals(List.of("a", "b", "c"), answers.asked);
        }
    }

    @Test
    void serves_others_while_an_answer_is_outstanding() throws Exception {
        try (Client waiting = server.connect()) {
            waiting.send("slow\n");
            answers.await(1);
            server.offer(Server.ECHO, answers);
            try (Client other = server.connect()) {
                for (int i = 0; i < 100; i++) {
                    assertEquals("> " + i, other.ask(Integer.toString(i)));
                }
            }
            assertFalse(waiting.hasNews());
            answers.complete(0, "done\n");
            assertEquals("done", waiting.line());
        }
    }

    @Test
    void an_answer_comes_although_the_counting_of_it_fails() throws Exception {
        FailingWakeup libc = new FailingWakeup();
        Budget budget = new Budget();
        try (Server failed = new Server(new Resources(libc, Memory.HEAP, budget, LastResort.HALT)).offer(answers);
                Client client = failed.connect()) {
            client.send("go\n");
            answers.await(1);
            budget.limit(Budget.LEAST, Budget.LEAST);
            failed.settle();
            libc.failNext();
            // More than may be kept, so that the loop is to be woken while it is counted.
            assertThrows(OutOfMemoryError.class, () -> answers.complete(0, "x".repeat((int) Budget.LEAST)));
            assertEquals("Too many bytes waiting\n", client.restText());
        }
    }

    @Test
    void counts_the_first_completion_only() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\nb\n");
            answers.await(1);
            answers.complete(0, "first\n");
            answers.complete(0, "second\n");
            answers.await(2);
            answers.complete(0, "third\n");
            answers.complete(1, "b\n");
            assertEquals("first\nb\n", client.receiveText(8));
            assertFalse(client.hasNews());
        }
    }

    @Test
    void may_be_completed_at_once() throws Exception {
        server.offer(connection -> (line, replies) -> {
            byte[] bytes = new byte[line.remaining()];
            line.get(bytes);
            replies.put((byte) '<');
            Replies.Deferred rest = replies.defer();
            replies.put((byte) '=');
            rest.complete(bytes);
        });
        try (Client client = server.connect()) {
            String lines = "a\nb\nc\n".repeat(1000);
            client.send(lines).halfClose();
            assertEquals("<=a<=b<=c".repeat(1000), client.restText());
        }
    }

    @Test
    void may_be_completed_by_other_threads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            server.offer(connection -> (line, replies) -> {
                byte[] bytes = (StandardCharsets.UTF_8.decode(line) + "!\n").getBytes(StandardCharsets.UTF_8);
                Replies.Deferred rest = replies.defer();
                pool.execute(() -> rest.complete(bytes));
            });
            try (Client client = server.connect()) {
                StringBuilder sent = new StringBuilder();
                StringBuilder expected = new StringBuilder();
                for (int i = 0; i < 20_000; i++) {
                    sent.append(i).append('\n');
                    expected.append(i).append("!\n");
                }
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    try {
                        client.send(sent.toString()).halfClose();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertEquals(expected.toString(), client.restText());
                sending.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void still_answers_a_client_that_closed_its_side_meanwhile() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\n").halfClose();
            answers.await(1);
            answers.complete(0, "here\n");
            assertEquals("here\n", client.restText());
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void notices_at_once_that_the_client_left_while_it_waited() throws Exception {
        int before = ThisProcess.descriptors();
        try (Client client = server.connect()) {
            client.send("a\n");
            answers.await(1);
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        answers.complete(0, "too late\n");
        ThisProcess.awaitDescriptors(before);
        try (Client client = server.connect()) {
            client.send("b\n");
            answers.await(2);
            answers.complete(1, "b\n");
            assertEquals("b", client.line());
        }
    }

    @Test
    void asks_nothing_more_for_a_client_that_left_while_an_answer_was_outstanding() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\n");
            answers.await(1);
            client.send("b\n");
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        assertEquals(List.of("a"), answers.asked);
    }

    @Test
    void does_not_spin_while_an_answer_is_outstanding() throws Exception {
        try (Client half = server.connect();
                Client talking = server.connect()) {
            half.send("a\n").halfClose();
            talking.send("b\n");
            answers.await(2);
            talking.send("more\n");
            long cpu = ThisProcess.cpuNanos("test-loop");
            Awaitility.await().during(Duration.ofMillis(400)).until(() -> answers.owed.size() == 2);
            long spent = ThisProcess.cpuNanos("test-loop") - cpu;
            assertTrue(spent < TimeUnit.MILLISECONDS.toNanos(100), "spent " + spent + " ns");
        }
    }

    @Test
    void comes_after_the_beginning_of_the_answer_also_when_the_client_reads_slowly() throws Exception {
        byte[] beginning = new byte[4 << 20];
        Arrays.fill(beginning, (byte) 'b');
        byte[] end = new byte[1 << 20];
        Arrays.fill(end, (byte) 'e');
        server.offer(connection -> (line, replies) -> {
            replies.put(beginning);
            replies.defer().complete(end);
        });
        try (Client client = server.connect()) {
            client.send("a\nb\n");
            Awaitility.await()
                    .until(() -> server.listener
                                    .report("", true, Optional.empty())
                                    .counters()
                                    .lines()
                            >= 1);
            // Once around the loop, so that the answer has come while the beginning is still being sent.
            try (Client other = server.connect()) {
                other.halfClose().rest();
            }
            for (int i = 0; i < 2; i++) {
                assertTrue(Arrays.equals(beginning, client.receive(beginning.length)), "beginning " + i);
                assertTrue(Arrays.equals(end, client.receive(end.length)), "end " + i);
            }
        }
    }

    @Test
    void revocation_does_not_wait_for_an_answer() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\n");
            answers.await(1);
            server.access.denyAll();
            server.listener.recheck();
            assertEquals("Unauthorized access\n", client.restText());
            answers.complete(0, "secret\n");
        }
    }

    @Test
    void an_answer_that_never_comes_does_not_keep_the_engine_from_stopping() throws Exception {
        try (Client client = server.connect()) {
            client.send("a\n");
            answers.await(1);
            server.stop();
            assertEquals("", client.restText());
        }
    }
}
