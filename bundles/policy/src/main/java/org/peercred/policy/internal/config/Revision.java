/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.Optional;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;

/**
 * A configured policy from one change to the next: scope and rules that belong together.
 *
 * @param id the policy's id
 * @param scope what it covers
 * @param status which configuration is in force
 * @param rules what it says
 */
public record Revision(String id, PolicyScope scope, PolicyStatus status, Rules rules) implements AccessPolicy {

    private record Closed(Verdict verdict) implements Rules {
        @Override
        public Verdict evaluate(AccessRequest request) {
            return verdict;
        }
    }

    /** A policy with no configuration to go by: denies all it covers. */
    public static Revision closed(String id, PolicyScope scope, String problem) {
        String reason = problem.endsWith(".") ? problem.substring(0, problem.length() - 1) : problem;
        PolicyStatus rejected = new PolicyStatus(State.REJECTED, Optional.of(problem));
        return new Revision(id, scope, rejected, new Closed(Verdict.deny(reason)));
    }

    /** A policy whose configuration is understood, but not all of whom it names are known, and were not before either. */
    static Revision partial(String id, PolicyScope scope, String problem, Rules known) {
        return new Revision(id, scope, new PolicyStatus(State.REJECTED, Optional.of(problem)), known);
    }

    /** Whether it says what its configuration says, of those who are known. */
    boolean partial() {
        return status.state() == State.REJECTED && !(rules instanceof Closed);
    }

    /** The same policy, going on although its newest configuration is not in force. */
    Revision lastGood(String problem, Rules remaining) {
        return new Revision(id, scope, new PolicyStatus(State.LAST_GOOD, Optional.of(problem)), remaining);
    }

    Revision with(Rules successor) {
        return new Revision(id, scope, status, successor);
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        return rules.evaluate(request);
    }
}
