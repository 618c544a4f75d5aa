/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Users;
import org.peercred.service.LineService;
import org.peercred.service.Replies;

@Timeout(120)
class BudgetTest {

    private static final long GREEDY = 1001;
    private static final long HONEST = 1002;
    private static final int KIB = 1024;
    private static final byte[] BIG = "b".repeat(800 * KIB).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SMALL = "s".repeat(500 * KIB).getBytes(StandardCharsets.US_ASCII);

    private static final LineService SERVICE =
            connection -> (line, replies) -> replies.put(line.get(line.position()) == 'b' ? BIG : SMALL);

    private volatile LongSupplier clock = System::nanoTime;
    private final Budget budget = new Budget(() -> clock.getAsLong());
    private final List<Client> clients = new ArrayList<>();
    private Server server;
    private Users users;

    @BeforeEach
    void start() throws Exception {
        Resources resources = new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT);
        server = new Server(resources, "max.line.length", "1 MiB").offer(SERVICE);
        users = new Users(server);
    }

    @AfterEach
    void stop() throws Exception {
        for (Client client : clients) {
            client.close();
        }
        Awaitility.await().until(() -> server.listener.open() == 0);
        Awaitility.await("bytes are counted still").until(() -> budget.held() == 0);
        server.close();
    }

    private Client connect(long uid) throws Exception {
        Client client = users.connect(uid);
        clients.add(client);
        return client;
    }

    /** A client that is owed something and does not read. */
    private Client debtor(long uid, String line) throws Exception {
        long before = budget.held();
        Client client = connect(uid);
        client.send(line + "\n");
        Awaitility.await().until(() -> budget.held() != before || !limited().isEmpty());
        return client;
    }

    private List<AuditEvent> limited() {
        return server.events(AuditEvent.Type.LIMITED);
    }

    private static int rest(Client client) {
        try {
            return client.halfClose().rest().length;
        } catch (Exception e) {
            return -1;
        }
    }

    @Test
    void the_user_for_whom_most_is_kept_pays_with_its_greatest_debt() throws Exception {
        budget.limit(1000 * KIB, 10_000 * KIB);
        Client honest = debtor(HONEST, "small");
        Client least = debtor(GREEDY, "small");
        Client greatest = debtor(GREEDY, "big");
        Awaitility.await().until(() -> limited().size() == 1);
        assertEquals("Too many bytes waiting", limited().get(0).reason());
        assertEquals(GREEDY, limited().get(0).uid());
        assertTrue(rest(greatest) < BIG.length, "the greatest debtor got all");
        assertEquals(SMALL.length, rest(honest));
        assertEquals(SMALL.length, rest(least));
    }

    @Test
    void one_user_may_not_have_more_than_its_share_and_others_do_not_pay_for_that() throws Exception {
        budget.limit(100_000 * KIB, 800 * KIB);
        Client honest = debtor(HONEST, "big");
        debtor(GREEDY, "small");
        debtor(GREEDY, "big");
        Awaitility.await().until(() -> !limited().isEmpty());
        assertTrue(
                limited().stream().allMatch(event -> event.uid() == GREEDY),
                limited().toString());
        assertEquals(BIG.length, rest(honest));
    }

    @Test
    void pieces_of_lines_count_and_who_is_owed_nothing_is_told_why() throws Exception {
        budget.limit(100_000 * KIB, 1000 * KIB);
        for (int i = 0; i < 20 && limited().isEmpty(); i++) {
            long before = budget.held();
            connect(GREEDY).send("x".repeat(100 * KIB));
            Awaitility.await()
                    .until(() ->
                            budget.held() >= before + 100 * KIB || !limited().isEmpty());
        }
        assertFalse(limited().isEmpty(), "20 pieces of 100 KiB were kept in 1000 KiB");
    }

    @Test
    void a_line_counts_until_its_answer_has_come_and_what_is_collected_of_the_answer_too() throws Exception {
        CompletableFuture<Replies.Deferred> late = new CompletableFuture<>();
        server.offer(connection -> (line, replies) -> late.complete(replies.defer()));
        Client client = connect(HONEST);
        client.send("z".repeat(30 * KIB) + "\n");
        Replies.Deferred deferred = late.get(60, TimeUnit.SECONDS);
        Awaitility.await().until(() -> budget.held() >= 30 * KIB && budget.held() < 100 * KIB);
        assertTrue(deferred.reserve(500 * KIB));
        assertTrue(budget.held() >= 530 * KIB, budget.held() + " bytes");
        assertFalse(deferred.reserve(Long.MAX_VALUE), "no answer is that long");
        assertTrue(budget.held() >= 530 * KIB, budget.held() + " bytes");
        deferred.complete("ok\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("ok", client.line());
        Awaitility.await().until(() -> budget.held() == 0);
        assertFalse(deferred.reserve(1));
    }

    @Test
    void who_collects_too_much_of_an_answer_is_ended_and_learns_of_it() throws Exception {
        budget.limit(100_000 * KIB, 1000 * KIB);
        CompletableFuture<Replies.Deferred> late = new CompletableFuture<>();
        server.offer(connection -> (line, replies) -> late.complete(replies.defer()));
        Client client = connect(GREEDY);
        client.send("go\n");
        Replies.Deferred deferred = late.get(60, TimeUnit.SECONDS);
        assertTrue(deferred.reserve(2000 * KIB));
        assertEquals("Too many bytes waiting\n", client.restText());
        Awaitility.await().until(() -> !deferred.reserve(2001 * KIB));
    }

    @Test
    void what_waits_to_be_sent_counts_until_it_is_gone_and_so_does_the_connection() throws Exception {
        server.configure("max.connections", "1");
        Client client = debtor(HONEST, "big");
        server.access.denyAll();
        server.listener.recheck();
        Awaitility.await().until(() -> !server.events(AuditEvent.Type.REVOKED).isEmpty());
        assertTrue(budget.held() > 400 * KIB, budget.held() + " bytes");
        assertEquals(1, server.listener.open());
        server.access.allowAll();
        try (Client next = server.connect()) {
            assertEquals("Too many connections\n", next.restText());
        }
        assertEquals(BIG.length + "Unauthorized access\n".length(), client.rest().length);
    }

    @Test
    void what_a_stream_keeps_counts_and_is_forgotten_with_it() throws Exception {
        server.offer(new StreamOffer(connection -> connection.output().write(BIG), new ThreadCount()));
        Client client = connect(HONEST);
        Awaitility.await().until(() -> budget.held() > 500 * KIB);
        assertEquals(BIG.length, client.rest().length);
        Awaitility.await().until(() -> budget.held() == 0);
    }

    @Test
    void of_a_users_streams_too_the_greatest_debtor_alone_pays() throws Exception {
        budget.limit(100_000 * KIB, 3000 * KIB);
        server.configure("write.buffer", "2 MiB");
        server.offer(new StreamOffer(
                connection -> {
                    int pieces = connection.input().read();
                    for (int i = 0; i < pieces; i++) {
                        connection.output().write(new byte[100 * KIB]);
                    }
                    connection.input().read();
                },
                new ThreadCount()));
        List<Client> small = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            small.add(connect(GREEDY).send(new byte[] {5}));
        }
        Awaitility.await().until(() -> budget.held() > 6 * 250 * KIB);
        for (int i = 0; i < 2 && limited().isEmpty(); i++) {
            long before = budget.held();
            connect(GREEDY).send(new byte[] {10});
            Awaitility.await()
                    .until(() ->
                            budget.held() > before + 500 * KIB || !limited().isEmpty());
        }
        Awaitility.await().until(() -> !limited().isEmpty());
        Awaitility.await()
                .during(100, TimeUnit.MILLISECONDS)
                .until(() -> limited().size() <= 2);
        for (Client client : small) {
            assertEquals(500 * KIB, client.halfClose().rest().length);
        }
    }

    @Test
    void a_lower_limit_counts_at_once() throws Exception {
        debtor(HONEST, "small");
        debtor(GREEDY, "big");
        server.settle();
        budget.limit(600 * KIB, 10_000 * KIB);
        Awaitility.await().until(() -> limited().size() == 1);
        assertEquals(GREEDY, limited().get(0).uid());
    }

    @Test
    void whoever_looks_while_the_limits_change_sees_the_old_ones_or_the_new_ones() throws Exception {
        Budget alone = new Budget();
        alone.limit(1000 * KIB, 1000 * KIB);
        Account debtor = alone.open(GREEDY);
        alone.charge(debtor, 1200 * KIB);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                alone.limit(1_000_000 * KIB, 1_000_000 * KIB);
                alone.limit(1000 * KIB, 1000 * KIB);
            }
        });
        long least = Long.MAX_VALUE;
        for (long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500); System.nanoTime() < end; ) {
            least = Math.min(least, alone.least(debtor));
        }
        enough.set(true);
        changing.get(60, TimeUnit.SECONDS);
        assertEquals(750 * KIB, least, "so little may be left");
    }

    @Test
    void the_rest_of_a_debt_is_paid_by_a_loop_that_had_nothing_to_pay_before() throws Exception {
        Worker second = new Worker(new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT), "test-loop-2");
        second.start();
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            debtor(GREEDY, "big");
            server.accept(List.of(second));
            debtor(HONEST, "small");
            CountDownLatch blocked = new CountDownLatch(1);
            server.loop.execute(() -> {
                blocked.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(blocked.await(60, TimeUnit.SECONDS));
            budget.limit(200 * KIB, 10_000 * KIB);
            // The second loop looks, and finds that the greatest debtor is not there.
            for (int i = 0; i < 3; i++) {
                CompletableFuture<Void> looked = new CompletableFuture<>();
                second.loop.execute(() -> looked.complete(null));
                looked.get(60, TimeUnit.SECONDS);
            }
            goOn.countDown();
            Awaitility.await().until(() -> budget.held() <= 200 * KIB);
        } finally {
            goOn.countDown();
            for (Client client : clients) {
                client.close();
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            server.accept(List.of(server.worker));
            second.stop(5000);
        }
    }

    @Test
    void a_debtor_of_another_loop_pays_too() throws Exception {
        Worker second = new Worker(new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT), "test-loop-2");
        second.start();
        try {
            budget.limit(1000 * KIB, 10_000 * KIB);
            debtor(GREEDY, "big");
            server.accept(List.of(second));
            Client honest = debtor(HONEST, "small");
            debtor(GREEDY, "small");
            Awaitility.await().until(() -> !limited().isEmpty());
            assertEquals(SMALL.length, rest(honest));
            assertTrue(
                    limited().stream().allMatch(event -> event.uid() == GREEDY),
                    limited().toString());
            Awaitility.await().until(() -> budget.held() < 1000 * KIB);
        } finally {
            for (Client client : clients) {
                client.close();
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            server.accept(List.of(server.worker));
            second.stop(5000);
        }
    }

    @Test
    void a_small_debt_is_not_ended_while_another_loop_has_yet_to_end_a_greater_one() throws Exception {
        onTwoLoops((blocked, small) -> {
            budget.limit(100_000 * KIB, 600 * KIB);
            // The second loop looks, and finds that it is the other one's turn.
            settle(blocked.second());
            assertEquals(List.of(), limited());
            blocked.goOn().countDown();
            Awaitility.await().until(() -> !limited().isEmpty());
            Awaitility.await().until(() -> budget.held() <= 600 * KIB);
            settle(blocked.second());
            assertEquals(SMALL.length, rest(small));
            assertEquals(1, limited().size());
        });
    }

    @Test
    void a_loop_that_is_blocked_does_not_let_the_debts_of_the_others_grow() throws Exception {
        onTwoLoops((blocked, small) -> Awaitility.await().until(() -> {
            budget.limit(100_000 * KIB, 600 * KIB);
            settle(blocked.second());
            return limited().size() == 1;
        }));
    }

    @Test
    void a_loop_is_given_its_time_to_end_a_debt_before_another_ends_a_smaller_one() throws Exception {
        AtomicLong now = new AtomicLong();
        clock = now::get;
        onTwoLoops((blocked, small) -> {
            Worker second = blocked.second();
            budget.limit(100_000 * KIB, 600 * KIB);
            // The second loop looks, and finds that it is the other one's turn.
            settle(second);
            now.set(Relief.PATIENCE_NANOS);
            assertSame(server.worker, budget.debtor(second).worker, "it has its time");
            now.incrementAndGet();
            assertSame(second, budget.debtor(second).worker, "it has had its time");
        });
    }

    private record Blocked(Worker second, CountDownLatch goOn) {}

    private interface TwoLoops {
        void run(Blocked blocked, Client small) throws Exception;
    }

    /** A user has a great debt on a loop that is blocked, and a small one on another. */
    private void onTwoLoops(TwoLoops test) throws Exception {
        Worker second = new Worker(new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT), "test-loop-2");
        second.start();
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            debtor(GREEDY, "big");
            server.accept(List.of(second));
            Client small = debtor(GREEDY, "small");
            CountDownLatch isBlocked = new CountDownLatch(1);
            server.loop.execute(() -> {
                isBlocked.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(isBlocked.await(60, TimeUnit.SECONDS));
            test.run(new Blocked(second, goOn), small);
        } finally {
            goOn.countDown();
            for (Client client : clients) {
                client.close();
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            server.accept(List.of(server.worker));
            second.stop(5000);
        }
    }

    private static void settle(Worker worker) throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> looked = new CompletableFuture<>();
            worker.loop.execute(() -> looked.complete(null));
            looked.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void nothing_is_kept_for_what_a_stream_has_read() throws Exception {
        server.offer(new StreamOffer(
                connection -> {
                    byte[] bytes = new byte[1000];
                    for (int count = connection.input().read(bytes);
                            count >= 0;
                            count = connection.input().read(bytes)) {
                        connection.output().write(bytes, 0, count);
                    }
                },
                new ThreadCount()));
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                clients.add(server.connect());
            }
            String much = "x".repeat(60_000);
            for (Client client : clients) {
                assertEquals(much, client.send(much).receiveText(much.length()));
            }
            Awaitility.await().until(() -> budget.held() == 0);
            assertEquals("a", clients.get(0).send("a").receiveText(1));
            Awaitility.await().until(() -> budget.held() == 4 * KIB);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }
}
