/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.FindingSource;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus.State;
import org.peercred.webui.internal.metrics.Exposition.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What decides, and what is amiss. */
final class PolicyMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyMetrics.class);

    private PolicyMetrics() {}

    static void add(Exposition text, Optional<AccessControl> access, List<FindingSource> findings) {
        text.family(
                "peercred_access_control_up",
                Kind.GAUGE,
                "Whether there is an access control (1); without one (0), everybody is turned away.");
        text.sample("peercred_access_control_up", List.of(), access.isPresent() ? 1 : 0);
        List<PolicyReport> policies = access.map(AccessControl::policies).orElse(List.of());
        text.family(
                "peercred_policies",
                Kind.GAUGE,
                "Policies by what is in force: their newest configuration (active), the one before (last_good), none (rejected).");
        for (State state : State.values()) {
            text.sample(
                    "peercred_policies",
                    Metrics.label("state", state.name().toLowerCase(Locale.ROOT)),
                    policies.stream().filter(p -> p.status().state() == state).count());
        }
        text.family(
                "peercred_findings",
                Kind.GAUGE,
                "What the container's own checks find amiss; peercred:doctor says what.");
        text.sample(
                "peercred_findings",
                List.of(),
                findings.stream().mapToLong(PolicyMetrics::count).sum());
    }

    /** One that cannot tell is something amiss by itself. */
    private static long count(FindingSource source) {
        try {
            return source.findings().size();
        } catch (RuntimeException e) {
            LOG.debug("The source of findings {} failed.", source.getClass().getName(), e);
            return 1;
        }
    }
}
