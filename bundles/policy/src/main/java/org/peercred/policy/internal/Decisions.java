/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;

/**
 * The policies that are there, and the decisions made of them. Every change compiles a new {@link View}; a decision reads one
 * volatile field and works on what it found. Foreign code (policies, listeners) is never called with a lock held, so none can
 * hold up a change or a decision of another thread.
 */
final class Decisions implements AccessControl {

    /** A policy, what was seen of it, and when the look was begun: of two looks at once the one begun later counts. */
    private record Seat(AccessPolicy policy, Member member, long ticket) {}

    private final AtomicLong tickets = new AtomicLong();
    private final Map<Object, Seat> seats = new LinkedHashMap<>();
    private volatile View view = new View(0, List.of());
    private final Announcements announcements = new Announcements(() -> view);

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
        announcements.announce();
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
        announcements.announce();
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
        announcements.announce();
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
        announcements.announce();
    }

    /** Takes a listener in and tells it where things stand: it may have decided before it was known here. */
    void add(PolicyListener listener) {
        announcements.add(listener);
    }

    void remove(PolicyListener listener) {
        announcements.remove(listener);
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
}
