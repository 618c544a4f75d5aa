/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.List;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.ConfigurationCheck.Terms;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyReport;

/**
 * Decides as if a listener asked on other terms.
 *
 * @param control decides
 * @param terms what the listener would ask
 */
record OnTerms(AccessControl control, Terms terms) implements AccessControl {

    @Override
    public Decision decide(AccessRequest request) {
        return control.decide(asked(request));
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return control.explain(asked(request));
    }

    @Override
    public long generation() {
        return control.generation();
    }

    @Override
    public List<PolicyReport> policies() {
        return control.policies();
    }

    /** Nobody decides by this one. */
    @Override
    public void reconsider() {}

    private AccessRequest asked(AccessRequest request) {
        return request.listener().equals(terms.listener())
                ? new AccessRequest(request.peer(), terms.name(), request.action(), terms.requiredPolicies())
                : request;
    }
}
