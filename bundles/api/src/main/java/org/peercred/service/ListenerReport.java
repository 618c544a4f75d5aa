/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Optional;
import java.util.Set;

/**
 * A listener as it stands.
 *
 * @param name its name
 * @param path the path of its socket; empty if none could be read from its configuration
 * @param problem why it is not, or not quite, as configured; one sentence, empty if all is well
 * @param open connections open now
 * @param allowed connections let in since it started
 * @param denied connections refused since it started
 * @param limited connections turned away at a limit since it started
 * @param lines lines received since it started
 * @param received bytes received since it started
 * @param sent bytes sent since it started
 * @param requiredPolicies ids of policies without which it lets nobody in, from its {@code required.policies}
 */
public record ListenerReport(
        String name,
        String path,
        Optional<String> problem,
        int open,
        long allowed,
        long denied,
        long limited,
        long lines,
        long received,
        long sent,
        Set<String> requiredPolicies) {

    /** Takes a copy. */
    public ListenerReport {
        requiredPolicies = Set.copyOf(requiredPolicies);
    }

    /** A listener that requires no policy. */
    public ListenerReport(
            String name,
            String path,
            Optional<String> problem,
            int open,
            long allowed,
            long denied,
            long limited,
            long lines,
            long received,
            long sent) {
        this(name, path, problem, open, allowed, denied, limited, lines, received, sent, Set.of());
    }
}
