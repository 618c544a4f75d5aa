/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus.State;
import org.peercred.common.config.Spelling;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which policies a listener requires that do not exist, are not in force or do not cover it: they keep everybody out.
 * Policies have the time that starting and updating bundles takes. Safe to be used by any thread.
 */
final class RequiredPolicies {

    /** How long a policy may be away. */
    static final long PATIENCE_MILLIS = 3000;

    private static final Logger LOG = LoggerFactory.getLogger(RequiredPolicies.class);

    private final EngineComponent engine;
    private final Set<String> logged = new TreeSet<>();
    private String latest = "";
    private volatile String told = "";

    RequiredPolicies(EngineComponent engine) {
        this.engine = engine;
    }

    /**
     * Looks again.
     *
     * @param file the listener's file, for the sentence
     * @param listener its settings
     * @param accessControl knows the policies; without one there is nothing to say of them
     */
    void check(String file, ListenerSettings listener, Optional<AccessControl> accessControl) {
        String now = String.join(" ", defects(file, listener, accessControl));
        synchronized (this) {
            if (now.equals(latest)) {
                return;
            }
            latest = now;
            if (now.isEmpty()) {
                told = "";
                logged.clear();
                return;
            }
        }
        engine.later(() -> tell(now), PATIENCE_MILLIS);
    }

    /**
     * Which of them keep everybody out.
     *
     * @param file the listener's file, for the sentences
     * @param listener its settings
     * @param accessControl knows the policies; without one there is nothing to say of them
     * @return a sentence about each
     */
    static List<String> defects(String file, ListenerSettings listener, Optional<AccessControl> accessControl) {
        if (accessControl.isEmpty()) {
            return List.of();
        }
        List<PolicyReport> there = accessControl.get().policies();
        return new TreeSet<>(listener.requiredPolicies())
                .stream()
                        .flatMap(id -> defect(id, listener.name(), there)
                                .map(why -> file + ": required.policies = " + id + ": " + why)
                                .stream())
                        .toList();
    }

    /** What is to be said now; the empty string if nothing is. */
    String problem() {
        return told;
    }

    /** Whether one keeps everybody out now, be it told yet or not. */
    synchronized boolean isLacking() {
        return !latest.isEmpty();
    }

    /** Whether what is to be said now has been. */
    synchronized boolean isSaid() {
        return latest.equals(told);
    }

    /** Says nothing any more. */
    synchronized void stop() {
        latest = "";
        told = "";
    }

    private synchronized void tell(String message) {
        if (!message.equals(latest) || message.equals(told)) {
            return;
        }
        told = message;
        if (logged.add(message)) {
            LOG.warn(message);
        }
    }

    /** What keeps everybody out; where several policies have one id, all of them must be in force and cover the listener. */
    private static Optional<String> defect(String id, String listener, List<PolicyReport> there) {
        List<PolicyReport> named =
                there.stream().filter(policy -> policy.id().equals(id)).toList();
        if (named.isEmpty()) {
            return Optional.of(missing(id, there));
        }
        if (named.stream().anyMatch(policy -> policy.status().state() == State.REJECTED)) {
            return Optional.of(
                    "that policy is not in force, and nobody is let in until it is; peercred:policies says why.");
        }
        // Rules for requests have no say about connections, but may be what nobody is to be let in without.
        boolean covers = named.stream()
                .map(PolicyReport::scope)
                .allMatch(scope -> scope.covers(listener, AccessRequest.CONNECT)
                        || scope.covers(listener, AccessRequest.EVERY_HTTP));
        return covers
                ? Optional.empty()
                : Optional.of("that policy does not cover " + AccessRequest.CONNECT + " on listener " + listener
                        + ", and nobody is let in until it does.");
    }

    private static String missing(String id, List<PolicyReport> there) {
        String why = List.of("${", "$[").stream().anyMatch(id::contains)
                ? "that variable is not set, and nobody is let in"
                : "there is no such policy, and nobody is let in until there is";
        Set<String> ids = there.stream().map(PolicyReport::id).collect(Collectors.toSet());
        return why
                + Spelling.nearest(id, ids)
                        .map(near -> "; did you mean " + ForeignText.escape(near) + "?")
                        .orElse(".");
    }
}
