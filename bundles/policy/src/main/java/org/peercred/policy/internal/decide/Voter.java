/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.common.text.Failure;
import org.peercred.common.text.ForeignText;
import org.peercred.policy.internal.config.Revision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy that takes part in decisions, as it was when it was last looked at. Immutable but for what was logged; safe to be used by any thread. Foreign
 * code is called through here alone: whatever it throws becomes a refusal.
 */
final class Voter {

    private static final Logger LOG = LoggerFactory.getLogger(Voter.class);

    private final AccessPolicy policy;
    private final AccessPolicy view;
    private final PolicyReport report;
    private final Optional<String> id;
    private final Optional<Verdict> broken;
    private final AtomicLong warned = new AtomicLong(-1);

    private Voter(AccessPolicy policy, AccessPolicy view, PolicyReport report, Optional<Verdict> broken) {
        this.policy = policy;
        this.view = view;
        this.report = report;
        this.id = Optional.of(report.id());
        this.broken = broken;
    }

    /**
     * Looks at a policy. Calls foreign code: no lock must be held.
     *
     * @param policy the policy
     * @return what is known of it; one that denies everything where it cannot be asked
     */
    static Voter of(AccessPolicy policy) {
        String name = policy.getClass().getName();
        String asked = "id";
        try {
            name = checkedId(policy.id(), name);
            asked = "snapshot";
            AccessPolicy view = present(policy.snapshot());
            asked = "id";
            name = checkedId(view.id(), name);
            asked = "scope";
            PolicyScope scope = present(view.scope());
            asked = "status";
            PolicyStatus status = present(view.status());
            return new Voter(policy, view, new PolicyReport(name, scope, status), Optional.empty());
        } catch (Throwable e) {
            // Whatever is thrown, an error of a half-gone bundle included, must close and never open.
            String problem = "policy " + name + " does not tell its " + asked + " (" + simpleName(e) + ")";
            LOG.warn("The {}: it denies everything. {}", ForeignText.escape(problem), Failure.of(policy, e));
            LOG.debug("The {}.", problem, e);
            PolicyStatus rejected = new PolicyStatus(PolicyStatus.State.REJECTED, Optional.of(problem));
            PolicyReport report = new PolicyReport(name, PolicyScope.EVERYTHING, rejected);
            return new Voter(policy, policy, report, Optional.of(Verdict.deny(problem)));
        }
    }

    /**
     * Gives a policy whom to tell of its changes. Calls foreign code: no lock must be held.
     *
     * @param policy the policy
     * @param changed to be run after each change
     * @return the policy; in its stead one that denies everything, if it fails: what it denies later would be missed
     */
    static AccessPolicy observed(AccessPolicy policy, Runnable changed) {
        try {
            policy.onChange(changed);
            return policy;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            String name = policy.getClass().getName();
            LOG.warn(
                    "A policy cannot be told whom to tell of its changes: it denies everything. {}",
                    Failure.of(policy, e));
            LOG.debug("The policy {} cannot be told whom to tell of its changes.", name, e);
            return Revision.closed(
                    name, PolicyScope.EVERYTHING, "policy " + name + " cannot be told whom to tell of its changes");
        }
    }

    /** Has a policy that is gone tell nobody any more. Calls foreign code: no lock must be held. */
    static void forgotten(AccessPolicy policy) {
        try {
            policy.onChange(() -> {});
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Throwable e) {
            LOG.debug("A policy failed when it was gone. {}", Failure.of(policy, e), e);
        }
    }

    /** The same, shown as going on with its last good configuration. It says what it said. */
    Voter lastGood(String problem) {
        PolicyStatus status = new PolicyStatus(PolicyStatus.State.LAST_GOOD, Optional.of(problem));
        return new Voter(policy, view, new PolicyReport(report.id(), report.scope(), status), broken);
    }

    /** What it grants by role; nothing is known of policies that are not configured here. */
    Map<String, Set<String>> byRole() {
        return broken.isEmpty() && view instanceof Revision revision
                ? revision.rules().byRole()
                : Map.of();
    }

    PolicyReport report() {
        return report;
    }

    /** The id, wrapped once so that a decision need not do it. */
    Optional<String> id() {
        return id;
    }

    /**
     * Whether another look would show the same for sure: both have the same view, and that view is not the policy itself,
     * which may change behind it.
     */
    boolean sameAs(Voter other) {
        return other != null && view == other.view && view != policy && broken.isEmpty() && other.broken.isEmpty();
    }

    /** Whether this is the look of that policy. */
    boolean stands(AccessPolicy other) {
        return policy.equals(other);
    }

    /**
     * Asks the policy.
     *
     * @param request a request that it covers
     * @param generation the generation of the decision; a policy that fails is logged once in each
     * @return its verdict; a denial if it throws or returns {@code null}
     */
    Verdict evaluate(AccessRequest request, long generation) {
        if (broken.isPresent()) {
            return broken.get();
        }
        Verdict verdict;
        try {
            verdict = view.evaluate(request);
        } catch (Throwable e) {
            // As above: on a decision's way an error is a refusal too.
            String problem = "policy " + report.id() + " failed (" + simpleName(e) + ")";
            warnOnce(problem, generation, Optional.of(e));
            return Verdict.deny(problem);
        }
        if (verdict == null) {
            String problem = "policy " + report.id() + " gave no verdict";
            warnOnce(problem, generation, Optional.empty());
            return Verdict.deny(problem);
        }
        return verdict;
    }

    private void warnOnce(String problem, long generation, Optional<Throwable> thrown) {
        if (warned.getAndSet(generation) != generation) {
            String where = thrown.map(e -> " " + Failure.of(policy, e)).orElse("");
            LOG.warn("The {}: it denies.{}", ForeignText.escape(problem), where);
            LOG.debug("The {}.", problem, thrown.orElse(null));
        }
    }

    private static String checkedId(String id, String otherwise) {
        if (id == null || id.isBlank()) {
            throw new IllegalStateException("The policy " + otherwise + " has no id.");
        }
        return id;
    }

    private static <T> T present(T value) {
        if (value == null) {
            throw new IllegalStateException("The policy returned null.");
        }
        return value;
    }

    private static String simpleName(Throwable e) {
        return e.getClass().getName().substring(e.getClass().getName().lastIndexOf('.') + 1);
    }
}
