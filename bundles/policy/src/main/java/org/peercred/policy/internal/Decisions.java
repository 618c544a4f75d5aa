/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that are there, and the decisions made of them. Every change compiles a new {@link View}; a decision reads one
 * volatile field and works on what it found. Foreign code (policies, listeners) is never called with a lock held, so none can
 * hold up a change or a decision of another thread.
 */
final class Decisions implements AccessControl {

    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

    /** A policy, what was seen of it, and when the look was begun: of two looks at once the one begun later counts. */
    private record Seat(AccessPolicy policy, Member member, long ticket) {}

    /** A listener and the newest generation it was told; only the announcing thread reads or writes that. */
    private static final class Audience {
        private final PolicyListener listener;
        private long told = -1;

        Audience(PolicyListener listener) {
            this.listener = listener;
        }
    }

    private final AtomicLong tickets = new AtomicLong();
    private final Map<Object, Seat> seats = new LinkedHashMap<>();
    private final List<Audience> audiences = new CopyOnWriteArrayList<>();
    private final AtomicInteger announcements = new AtomicInteger();
    private Set<String> namesakes = Set.of();
    private volatile View view = new View(0, List.of());

    @Override
    public Decision decide(AccessRequest request) {
        return view.covering(request.listener(), request.action()).decide(request);
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return view.covering(request.listener(), request.action()).explain(request);
    }

    @Override
    public long generation() {
        return view.generation();
    }

    @Override
    public List<PolicyReport> policies() {
        return view.members().stream().map(Member::report).toList();
    }

    @Override
    public void reconsider() {
        Map<Object, AccessPolicy> present = new LinkedHashMap<>();
        synchronized (seats) {
            seats.forEach((key, seat) -> present.put(key, seat.policy()));
        }
        List<Runnable> news = new ArrayList<>();
        present.forEach((key, policy) -> news.add(look(key, policy, false)));
        synchronized (seats) {
            news.forEach(Runnable::run);
            publish();
        }
        announce();
    }

    /**
     * Takes a policy in.
     *
     * @param key what it will be known by, for instance its service reference
     * @param policy the policy
     */
    void add(Object key, AccessPolicy policy) {
        Runnable news = look(key, policy, true);
        synchronized (seats) {
            news.run();
            publish();
        }
        announce();
    }

    /**
     * Looks at a policy again. Where it shows the same immutable view as before nothing has changed, and nobody is told.
     *
     * @param key what it was added by
     */
    void changed(Object key) {
        AccessPolicy policy;
        Member before;
        synchronized (seats) {
            Seat seat = seats.get(key);
            if (seat == null) {
                return;
            }
            policy = seat.policy();
        }
        Runnable news = look(key, policy, false);
        synchronized (seats) {
            before = seats.containsKey(key) ? seats.get(key).member() : null;
            news.run();
            Seat seat = seats.get(key);
            if (seat == null || seat.member().sameAs(before)) {
                return;
            }
            publish();
        }
        announce();
    }

    /**
     * Takes a policy out.
     *
     * @param key what it was added by
     */
    void remove(Object key) {
        synchronized (seats) {
            if (seats.remove(key) == null) {
                return;
            }
            publish();
        }
        announce();
    }

    /** Takes a listener in and tells it where things stand: it may have decided before it was known here. */
    void add(PolicyListener listener) {
        audiences.add(new Audience(listener));
        announce();
    }

    void remove(PolicyListener listener) {
        audiences.removeIf(audience -> audience.listener == listener);
    }

    /** How many combinations of listener and action are worked out and kept. */
    int combinations() {
        return view.size();
    }

    private Runnable look(Object key, AccessPolicy policy, boolean enter) {
        long ticket = tickets.incrementAndGet();
        Member member = Member.of(policy);
        return () -> {
            Seat seat = seats.get(key);
            if (seat == null ? enter : seat.policy() == policy && seat.ticket() < ticket) {
                seats.put(key, new Seat(policy, member, ticket));
            }
        };
    }

    private void publish() {
        List<Member> members = seats.values().stream().map(Seat::member).toList();
        view = new View(view.generation() + 1, members);
    }

    /**
     * Tells the listeners the newest generation. Of several threads one tells for all, so that generations arrive in order
     * and none waits for another; who comes meanwhile leaves it one more round to do.
     */
    private void announce() {
        if (announcements.getAndIncrement() != 0) {
            return;
        }
        int rounds = 1;
        do {
            View newest = view;
            warnOfNamesakes(newest);
            audiences.forEach(audience -> tell(audience, newest.generation()));
            rounds = announcements.addAndGet(-rounds);
        } while (rounds != 0);
    }

    private static void tell(Audience audience, long generation) {
        if (audience.told >= generation) {
            return;
        }
        audience.told = generation;
        try {
            audience.listener.policiesChanged(generation);
        } catch (Throwable e) {
            // The others must hear of it, whatever this one throws.
            LOG.warn("A policy listener failed ({}).", e.getClass().getName());
            LOG.debug("A policy listener failed.", e);
        }
    }

    private void warnOfNamesakes(View newest) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = newest.members().stream()
                .map(member -> member.report().id())
                .filter(id -> !seen.add(id))
                .collect(Collectors.toCollection(TreeSet::new));
        twice.stream()
                .filter(id -> !namesakes.contains(id))
                .forEach(id -> LOG.warn("Several policies have the id {}: each takes part in decisions.", id));
        namesakes = twice;
    }
}
