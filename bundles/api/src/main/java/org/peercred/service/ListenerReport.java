/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A listener as it stands.
 *
 * @param name its name
 * @param path the path of its socket; empty if none could be read from its configuration
 * @param listening whether it listens there: false while another program has the path, the file is gone, or the listener is not started
 * @param problem why it is not, or not quite, as configured; one sentence, empty if all is well
 * @param requiredPolicies ids of policies without which it lets nobody in, from its {@code required.policies}
 * @param counters what it has done
 */
public record ListenerReport(
        String name,
        String path,
        boolean listening,
        Optional<String> problem,
        Set<String> requiredPolicies,
        Counters counters) {

    /**
     * What a listener has done, counted since it was started.
     *
     * @param open connections open now
     * @param allowed connections let in
     * @param denied connections refused
     * @param limited how often a connection was turned away or ended at a limit, or for want of a service
     * @param lines lines received
     * @param received bytes received
     * @param sent bytes sent
     * @param requests requests answered by a service that counts them, as that for web applications does
     */
    public record Counters(
            int open, long allowed, long denied, long limited, long lines, long received, long sent, long requests) {

        /** Of a listener that has not been started. */
        public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Checks that nothing is null, and takes a copy. */
    public ListenerReport {
        Objects.requireNonNull(name);
        Objects.requireNonNull(path);
        Objects.requireNonNull(problem);
        requiredPolicies = Set.copyOf(requiredPolicies);
        Objects.requireNonNull(counters);
    }
}
