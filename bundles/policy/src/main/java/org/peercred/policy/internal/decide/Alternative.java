/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.List;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;

/** A generation that is not in force. */
final class Alternative implements AccessControl {

    private final Generation generation;

    Alternative(Generation generation) {
        this.generation = generation;
    }

    @Override
    public Decision decide(AccessRequest request) {
        return generation.applicable(request.listener(), request.action()).decide(request);
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return generation.applicable(request.listener(), request.action()).explain(request);
    }

    /** That of what is in force. */
    @Override
    public long generation() {
        return generation.number();
    }

    @Override
    public List<PolicyReport> policies() {
        return generation.voters().stream().map(Voter::report).toList();
    }

    /** Nobody decides by this one. */
    @Override
    public void reconsider() {}
}
