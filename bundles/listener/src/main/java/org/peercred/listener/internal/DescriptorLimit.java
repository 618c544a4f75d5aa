/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares {@code max.connections} with what this process may open (RLIMIT_NOFILE, see getrlimit(2)). */
final class DescriptorLimit {

    private static final Logger LOG = LoggerFactory.getLogger(DescriptorLimit.class);

    private DescriptorLimit() {}

    static void check(ListenerSettings settings) {
        long needed = (long) settings.maxConnections() * (settings.closeOnPeerExit() ? 2 : 1);
        OptionalLong limit = Descriptors.limit();
        if (limit.isPresent() && needed > limit.getAsLong()) {
            LOG.warn(
                    "Listener {}: max.connections = {} needs {} descriptors, but this process may open only {}"
                            + " (ulimit -n); connections beyond that will wait.",
                    settings.name(),
                    settings.maxConnections(),
                    needed,
                    limit.getAsLong());
        }
    }
}
