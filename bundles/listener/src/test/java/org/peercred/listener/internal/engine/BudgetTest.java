/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.service.Replies;

/** What counts against the bytes that may wait, and who pays. */
@Timeout(120)
class BudgetTest extends BudgetFixture {

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
}
