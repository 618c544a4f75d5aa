/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;

@Timeout(120)
class GenerationTest {

    private final Decisions decisions = new Decisions();
    private final FakePeer peer = FakePeer.uid(1001);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }

    /** A policy that swaps immutable views. */
    private static class Swapping extends FakePolicy {
        volatile AccessPolicy now;

        Swapping(String id, AccessPolicy first) {
            super(id);
            now = first;
        }

        @Override
        public AccessPolicy snapshot() {
            return now;
        }
    }

    @Test
    void grows_with_every_change_and_is_part_of_each_decision() {
        assertEquals(0, decisions.generation());
        decisions.add("a", FixedPolicy.allow("owner"));
        assertEquals(1, decisions.generation());
        assertEquals(1, decisions.decide(peer.connect("echo")).generation());
        decisions.reconsider();
        assertEquals(2, decisions.generation());
        decisions.remove("a");
        assertEquals(3, decisions.generation());
        decisions.remove("a");
        assertEquals(3, decisions.generation());
        assertEquals(3, decisions.decide(peer.connect("echo")).generation());
    }

    @Test
    void stays_where_a_changed_policy_shows_the_same_immutable_view() {
        Swapping policy = new Swapping("owner", FixedPolicy.allow("owner"));
        decisions.add("a", policy);
        decisions.changed("a");
        assertEquals(1, decisions.generation());
        policy.now = FixedPolicy.deny("owner");
        decisions.changed("a");
        assertEquals(2, decisions.generation());
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
    }

    @Test
    void a_policy_that_changes_while_it_is_taken_in_is_seen_as_it_is_then() {
        Swapping policy = new Swapping("owner", FixedPolicy.allow("owner")) {
            @Override
            public AccessPolicy snapshot() {
                AccessPolicy seen = now;
                if (decisions.generation() == 0) {
                    now = FixedPolicy.deny("owner");
                    decisions.changed("a");
                }
                return seen;
            }
        };
        decisions.add("a", policy);
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
        decisions.remove("a");
        policy.now = FixedPolicy.allow("owner");
        decisions.add("a", policy);
        assertTrue(decisions.decide(peer.connect("echo")).allowed());
        assertEquals(4, decisions.generation());
    }

    @Test
    void grows_where_a_changed_policy_is_its_own_view() {
        decisions.add("a", new FakePolicy("owner"));
        decisions.changed("a");
        assertEquals(2, decisions.generation());
    }

    @Test
    void a_policy_whose_scope_changed_covers_its_new_scope_after_reconsideration() {
        Swapping policy = new Swapping("owner", FixedPolicy.allow("owner").on("echo"));
        decisions.add("a", policy);
        policy.now = FixedPolicy.allow("owner").on("other");
        assertTrue(decisions.decide(peer.connect("echo")).allowed());
        decisions.reconsider();
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
        assertTrue(decisions.decide(peer.connect("other")).allowed());
    }

    @Test
    void reports_the_policies_by_id() {
        decisions.add("a", FixedPolicy.allow("uid~b"));
        decisions.add("b", FixedPolicy.allow("owner"));
        assertEquals(
                List.of("owner", "uid~b"),
                decisions.policies().stream().map(PolicyReport::id).toList());
    }

    @Test
    void listeners_hear_of_a_change_after_it_took_effect() {
        List<String> heard = new ArrayList<>();
        PolicyListener listener = generation -> heard.add(generation + " " + decisions.generation() + " "
                + decisions.decide(peer.connect("echo")).allowed());
        decisions.add(listener);
        decisions.add("a", FixedPolicy.allow("owner"));
        decisions.add("b", FixedPolicy.deny("superuser"));
        decisions.remove("b");
        decisions.remove(listener);
        decisions.remove("a");
        assertEquals(List.of("0 0 false", "1 1 true", "2 2 false", "3 3 true"), heard);
    }

    @Test
    void a_new_listener_is_told_where_things_stand() {
        decisions.add("a", FixedPolicy.allow("owner"));
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        decisions.add((PolicyListener) first::add);
        decisions.add((PolicyListener) second::add);
        assertEquals(List.of(1L), first);
        assertEquals(List.of(1L), second);
    }

    @Test
    void a_listener_that_throws_does_not_stop_the_others() {
        List<Long> heard = new ArrayList<>();
        decisions.add((PolicyListener) generation -> {
            throw new IllegalStateException("inside");
        });
        decisions.add((PolicyListener) heard::add);
        decisions.add("a", FixedPolicy.allow("owner"));
        assertEquals(List.of(0L, 1L), heard);
    }

    @Test
    void a_listener_that_hangs_holds_up_neither_changes_nor_decisions_of_others() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        decisions.add((PolicyListener) generation -> {
            if (generation == 1) {
                hanging.countDown();
                awaitQuietly(release);
            }
        });
        decisions.add((PolicyListener) heard::add);
        Future<?> change = threads.submit(() -> decisions.add("a", FixedPolicy.allow("owner")));
        hanging.await();
        decisions.add("b", FixedPolicy.deny("superuser"));
        decisions.reconsider();
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
        release.countDown();
        change.get();
        assertEquals(List.of(0L, 1L, 3L), heard);
    }

    @Test
    void a_policy_that_hangs_when_looked_at_holds_up_neither_changes_nor_decisions_of_others() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<?> change = threads.submit(() -> decisions.add("a", new FakePolicy("owner") {
            @Override
            public PolicyScope scope() {
                hanging.countDown();
                awaitQuietly(release);
                return PolicyScope.EVERYTHING;
            }
        }));
        hanging.await();
        decisions.add("b", FixedPolicy.allow("uid~b"));
        assertTrue(decisions.decide(peer.connect("echo")).allowed());
        release.countDown();
        change.get();
        assertEquals(2, decisions.policies().size());
    }

    @Test
    void of_two_looks_at_once_the_later_counts() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean();
        Swapping policy = new Swapping("owner", FixedPolicy.allow("owner")) {
            @Override
            public AccessPolicy snapshot() {
                AccessPolicy seen = now;
                if (hang.compareAndSet(true, false)) {
                    hanging.countDown();
                    awaitQuietly(release);
                }
                return seen;
            }
        };
        decisions.add("a", policy);
        hang.set(true);
        Future<?> slow = threads.submit(() -> decisions.changed("a"));
        hanging.await();
        policy.now = FixedPolicy.deny("owner");
        decisions.changed("a");
        release.countDown();
        slow.get();
        assertFalse(decisions.decide(peer.connect("echo")).allowed(), "the earlier look must not undo the later");
    }

    @Test
    void a_look_at_a_policy_that_was_taken_out_meanwhile_does_not_bring_it_back() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean hang = new AtomicBoolean();
        decisions.add("a", new FakePolicy("owner") {
            @Override
            public AccessPolicy snapshot() {
                if (hang.get()) {
                    hanging.countDown();
                    awaitQuietly(release);
                }
                return this;
            }
        });
        hang.set(true);
        Future<?> slow = threads.submit(decisions::reconsider);
        hanging.await();
        decisions.remove("a");
        release.countDown();
        slow.get();
        assertFalse(decisions.decide(peer.connect("echo")).allowed());
    }

    @Test
    void scope_and_rules_are_never_mixed_while_they_are_swapped() throws Exception {
        // Each view allows on its own listener and denies nothing else; a mixture would allow on the wrong one.
        AccessPolicy echo = new Exact("echo");
        AccessPolicy other = new Exact("other");
        Swapping policy = new Swapping("owner", echo);
        decisions.add("a", policy);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger mixed = new AtomicInteger();
        List<Future<?>> readers = new ArrayList<>();
        for (String listener : List.of("echo", "other")) {
            readers.add(threads.submit(() -> {
                while (!stop.get()) {
                    Decision decision = decisions.decide(peer.connect(listener));
                    boolean fits = decision.allowed()
                            ? decision.reason().equals(listener)
                            : decision.reason().startsWith("no policy covers");
                    mixed.addAndGet(fits ? 0 : 1);
                }
            }));
        }
        for (int i = 0; i < 20_000; i++) {
            policy.now = i % 2 == 0 ? other : echo;
            decisions.changed("a");
        }
        stop.set(true);
        for (Future<?> reader : readers) {
            reader.get();
        }
        assertEquals(0, mixed.get());
        assertEquals(20_001, decisions.generation());
    }

    @Test
    void generations_arrive_in_order_when_many_threads_make_changes() throws Exception {
        List<Long> heard = Collections.synchronizedList(new ArrayList<>());
        decisions.add((PolicyListener) heard::add);
        List<Future<?>> changes = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int number = thread;
            changes.add(threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    decisions.add(number, FixedPolicy.allow("uid~" + number));
                    decisions.remove(number);
                }
            }));
        }
        for (Future<?> change : changes) {
            change.get();
        }
        assertEquals(4_000, decisions.generation());
        assertEquals(heard.stream().sorted().distinct().toList(), heard);
        assertEquals(4_000L, heard.get(heard.size() - 1), "the last change is heard of");
        assertEquals(List.of(), decisions.policies());
    }

    private record Exact(String listener) implements AccessPolicy {
        @Override
        public String id() {
            return "owner";
        }

        @Override
        public PolicyScope scope() {
            return new PolicyScope(Set.of(listener), Set.of("connect"));
        }

        @Override
        public Verdict evaluate(AccessRequest request) {
            return Verdict.allow(listener);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
