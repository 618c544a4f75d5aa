/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.peercred.access.AccessPolicy;

/** The policies that are there, and what was seen of each. Its owner locks it for everything but {@link #look}. */
final class Registrations {

    /**
     * A policy, what was seen of it, when the look was begun (of two looks at once the one begun later counts), and the PIDs of
     * the configurations it was made of.
     */
    private record Registration(AccessPolicy policy, Voter voter, long ticket, Set<String> pids) {}

    private final AtomicLong tickets = new AtomicLong();
    private final Map<Object, Registration> registered = new LinkedHashMap<>();

    /** Policies that are being taken in, and whether they have changed since they were looked at. */
    private final Map<Object, Boolean> entering = new HashMap<>();

    /**
     * Looks at a policy. Calls foreign code: no lock must be held.
     *
     * @param key what it is known by
     * @param policy the policy
     * @param pids the PIDs of its configurations, if it is to be taken in; empty if nothing is to be done where it is not there
     * @return keeps what was seen; to be run with the lock held
     */
    Runnable look(Object key, AccessPolicy policy, Optional<Set<String>> pids) {
        long ticket = tickets.incrementAndGet();
        Voter voter = Voter.of(policy);
        return () -> {
            Registration before = registered.get(key);
            if (before == null) {
                pids.ifPresent(made -> registered.put(key, new Registration(policy, voter, ticket, made)));
            } else if (before.policy() == policy && before.ticket() < ticket) {
                registered.put(key, new Registration(policy, voter, ticket, before.pids()));
            }
        };
    }

    /** A policy is about to be taken in. */
    void enter(Object key) {
        entering.put(key, false);
    }

    /** A policy may have changed that is not there; it counts if it is being taken in. */
    void missed(Object key) {
        entering.replace(key, true);
    }

    /** A policy has been taken in; true if it may have changed meanwhile. */
    boolean entered(Object key) {
        return entering.remove(key);
    }

    Optional<AccessPolicy> policy(Object key) {
        return Optional.ofNullable(registered.get(key)).map(Registration::policy);
    }

    Optional<Voter> voter(Object key) {
        return Optional.ofNullable(registered.get(key)).map(Registration::voter);
    }

    /** The PIDs of the configurations that a policy was made of; none if it is not there. */
    Set<String> pids(Object key) {
        Registration registration = registered.get(key);
        return registration == null ? Set.of() : registration.pids();
    }

    void remove(Object key) {
        registered.remove(key);
    }

    /** All policies, by what they are known by. */
    Map<Object, AccessPolicy> policies() {
        Map<Object, AccessPolicy> policies = new LinkedHashMap<>();
        registered.forEach((key, registration) -> policies.put(key, registration.policy()));
        return policies;
    }

    /** The PIDs of the configurations that policies were made of. */
    Set<String> present() {
        Set<String> pids = new HashSet<>();
        registered.values().forEach(registration -> pids.addAll(registration.pids()));
        return pids;
    }

    /** What all policies have to say, but those that somebody stands in for. */
    List<Voter> voters(Doubted doubted) {
        return voters(doubted, registered.values().stream());
    }

    /** The same without those that the configuration with this PID has made. */
    List<Voter> votersWithout(String pid, Doubted doubted) {
        return voters(doubted, registered.values().stream().filter(registration -> !registration
                .pids()
                .contains(pid)));
    }

    private static List<Voter> voters(Doubted doubted, Stream<Registration> registrations) {
        return registrations
                .filter(registration -> !doubted.standsFor(registration.pids()))
                .map(registration -> doubted.shown(registration.voter(), registration.pids()))
                .toList();
    }
}
