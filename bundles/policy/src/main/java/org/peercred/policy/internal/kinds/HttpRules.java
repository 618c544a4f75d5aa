/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.roles.RoleCheck;

/**
 * Rules for requests; the first that matches decides. What none of them matches is left to other policies, and refused if there are
 * none.
 *
 * @param rules in order
 * @param roles who has which role now
 */
record HttpRules(List<HttpRule> rules, RoleCheck roles) implements Rules {

    private static final int PREFIX = AccessRequest.HTTP.length();
    private static final Verdict UNMATCHED = Verdict.abstain("no rule matches the request");
    private static final Verdict NO_REQUEST = Verdict.deny("the action is no request of a method and a path");

    @Override
    public Map<String, Set<String>> byRole() {
        Map<String, Set<String>> granted = new LinkedHashMap<>();
        rules.stream()
                .filter(rule -> !rule.everyone())
                .forEach(rule -> granted.putIfAbsent(rule.text(), rule.byRole().keySet()));
        return granted;
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        String action = request.action();
        int blank = action.indexOf(' ');
        if (!action.startsWith(AccessRequest.HTTP) || blank <= PREFIX || !action.startsWith("/", blank + 1)) {
            return NO_REQUEST;
        }
        String method = action.substring(PREFIX, blank);
        List<String> path = PathPattern.segments(action.substring(blank + 1));
        for (HttpRule rule : rules) {
            if (rule.matches(method, path)) {
                return rule.verdict(request, roles);
            }
        }
        return UNMATCHED;
    }
}
