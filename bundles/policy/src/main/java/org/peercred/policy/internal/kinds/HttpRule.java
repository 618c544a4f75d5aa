/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.roles.RoleCheck;

/**
 * Who may request something.
 *
 * @param methods what methods it is about; none stands for all
 * @param pattern what paths it is about
 * @param everyone whether everybody may who may connect
 * @param byRole for each role the verdict, ready made
 * @param otherwise the verdict where none of them is the peer's
 */
record HttpRule(
        Set<String> methods, PathPattern pattern, boolean everyone, Map<String, Verdict> byRole, Verdict otherwise) {

    /** Stands for whoever may connect. */
    static final String AUTHENTICATED = "authenticated";

    private static final Verdict EVERYONE = Verdict.allow("everybody who may connect may request it");

    static HttpRule of(Set<String> methods, PathPattern pattern, List<String> roles) {
        Map<String, Verdict> byRole = new LinkedHashMap<>();
        roles.forEach(role -> byRole.put(role, Verdict.allow("the peer has the role " + role)));
        boolean everyone = byRole.remove(AUTHENTICATED) != null;
        String reason = roles.isEmpty()
                ? "no role may request it"
                : "the peer has no role that may request it (" + String.join(", ", roles) + ")";
        return new HttpRule(Set.copyOf(methods), pattern, everyone, byRole, Verdict.deny(reason));
    }

    /** Whether it is about this request. What is said of GET is said of HEAD as well, which applications answer by the same code. */
    boolean matches(String method, List<String> path) {
        return (methods.isEmpty() || methods.contains(method) || (method.equals("HEAD") && methods.contains("GET")))
                && pattern.matches(path);
    }

    /** What it is about, as it is written. */
    String text() {
        return (methods.isEmpty() ? "*" : String.join(",", new TreeSet<>(methods))) + " " + pattern.text();
    }

    Verdict verdict(AccessRequest request, RoleCheck roles) {
        if (everyone) {
            return EVERYONE;
        }
        for (Map.Entry<String, Verdict> role : byRole.entrySet()) {
            if (roles.has(request.peer(), request.listener(), role.getKey())) {
                return role.getValue();
            }
        }
        return otherwise;
    }
}
