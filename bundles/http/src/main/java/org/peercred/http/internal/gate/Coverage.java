/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which listeners have a policy for requests. Where there is none, applications alone say who may request what. Safe to be used by any thread. */
final class Coverage {

    private static final Logger LOG = LoggerFactory.getLogger(Coverage.class);

    /** The scopes in which there are requests, as they were in one generation. */
    private record Known(AccessControl control, long generation, List<PolicyScope> scopes) {}

    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private volatile Optional<Known> known = Optional.empty();

    /**
     * Whether policies decide each request of a listener's: where one does that knows requests, or everything. One that names a single
     * request is enough, so that nothing is open that somebody meant to close.
     *
     * @param control knows the policies
     * @param listener its name
     * @return false where none covers a request, which is said in the log, once a listener
     */
    boolean covers(AccessControl control, String listener) {
        // The number first: policies that are newer than it are looked at again.
        long generation = control.generation();
        Optional<Known> before = known;
        Known now = before.isPresent()
                        && before.get().control() == control
                        && before.get().generation() == generation
                ? before.get()
                : look(control, generation);
        boolean covered = now.scopes().stream()
                .anyMatch(scope ->
                        scope.listeners().contains("*") || scope.listeners().contains(listener));
        if (!covered && warned.add(listener)) {
            LOG.warn(
                    "No policy covers requests on the listener {}: whoever may connect there may request whatever the web"
                            + " applications themselves allow.",
                    listener);
        }
        return covered;
    }

    private static boolean isRequest(String action) {
        return action.equals("*") || action.startsWith(AccessRequest.HTTP);
    }

    private Known look(AccessControl control, long generation) {
        List<PolicyScope> scopes = control.policies().stream()
                .map(PolicyReport::scope)
                .filter(scope -> scope.actions().stream().anyMatch(Coverage::isRequest))
                .toList();
        Known found = new Known(control, generation, scopes);
        known = Optional.of(found);
        return found;
    }
}
