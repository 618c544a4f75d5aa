/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.roles.RoleCheck;

/**
 * Allows commands by role. What is said of a command by name counts for it; what is said of {@code *} counts for the commands
 * that are not named.
 *
 * @param grants for each command what its roles are told
 * @param roles who has which role now
 */
record CommandRules(Map<String, Grant> grants, RoleCheck roles) implements Rules {

    /** Stands for every command that is not named. */
    static final String ALL = "*";

    private static final int PREFIX = AccessRequest.command("").length();
    private static final Verdict UNLISTED = Verdict.abstain("the command is not listed");

    /**
     * Who may run a command.
     *
     * @param byRole for each role the verdict, ready made
     * @param otherwise the verdict where none of them is the peer's
     */
    record Grant(Map<String, Verdict> byRole, Verdict otherwise) {

        static Grant to(List<String> roles) {
            Map<String, Verdict> verdicts = new LinkedHashMap<>();
            roles.forEach(role -> verdicts.put(role, Verdict.allow("the peer has the role " + role)));
            String reason = roles.isEmpty()
                    ? "no role may run it"
                    : "the peer has no role that may run it (" + String.join(", ", roles) + ")";
            return new Grant(verdicts, Verdict.abstain(reason));
        }
    }

    @Override
    public Map<String, Set<String>> byRole() {
        Map<String, Set<String>> granted = new TreeMap<>();
        grants.forEach((command, grant) -> granted.put(command, grant.byRole().keySet()));
        return granted;
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        String action = request.action();
        if (action.length() < PREFIX || action.equals(AccessRequest.CONNECT)) {
            return UNLISTED;
        }
        Grant grant = grants.get(action.substring(PREFIX));
        if (grant == null) {
            grant = grants.get(ALL);
        }
        if (grant == null) {
            return UNLISTED;
        }
        for (Map.Entry<String, Verdict> role : grant.byRole().entrySet()) {
            if (roles.has(request.peer(), request.listener(), role.getKey())) {
                return role.getValue();
            }
        }
        return grant.otherwise();
    }
}
