/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.loop.LastResort;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;

/** Debts on several loops: the greatest is paid first, wherever it is. */
@Timeout(120)
class BudgetLoopsTest extends BudgetFixture {

    @Test
    void the_rest_of_a_debt_is_paid_by_a_loop_that_had_nothing_to_pay_before() throws Exception {
        withSecondLoop(second -> {
            debtor(GREEDY, "big");
            server.accept(List.of(second));
            debtor(HONEST, "small");
            block(goOn -> {
                budget.limit(200 * KIB, 10_000 * KIB);
                // The second loop looks, and finds that the greatest debtor is not there.
                settle(second);
                goOn.countDown();
                Awaitility.await().until(() -> budget.held() <= 200 * KIB);
            });
        });
    }

    @Test
    void a_debtor_of_another_loop_pays_too() throws Exception {
        withSecondLoop(second -> {
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
        });
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

    private interface With<T> {
        void run(T what) throws Exception;
    }

    /** A user has a great debt on a loop that is blocked, and a small one on another. */
    private void onTwoLoops(TwoLoops test) throws Exception {
        withSecondLoop(second -> {
            debtor(GREEDY, "big");
            server.accept(List.of(second));
            Client small = debtor(GREEDY, "small");
            block(goOn -> test.run(new Blocked(second, goOn), small));
        });
    }

    /** A loop beside the server's own, until all clients have gone. */
    private void withSecondLoop(With<Worker> test) throws Exception {
        Worker second = new Worker(new Resources(Server.LIBC, Memory.HEAP, budget, LastResort.HALT), "test-loop-2");
        second.start();
        try {
            test.run(second);
        } finally {
            for (Client client : clients) {
                client.close();
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            server.accept(List.of(server.worker));
            second.stop(5000);
        }
    }

    /** The server's own loop does nothing until it is told to go on, at the latest when the test ends. */
    private void block(With<CountDownLatch> test) throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try {
            server.loop.execute(() -> {
                blocked.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertTrue(blocked.await(60, TimeUnit.SECONDS));
            test.run(goOn);
        } finally {
            goOn.countDown();
        }
    }

    private static void settle(Worker worker) throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Void> looked = new CompletableFuture<>();
            worker.loop.execute(() -> looked.complete(null));
            looked.get(60, TimeUnit.SECONDS);
        }
    }
}
