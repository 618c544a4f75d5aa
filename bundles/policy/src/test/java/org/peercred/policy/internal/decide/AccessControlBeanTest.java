/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;

/** What JMX shows of the access control. */
@Timeout(120)
class AccessControlBeanTest {

    private final Decisions decisions = new Decisions();
    private final AccessControlBean bean = new AccessControlBean(decisions);

    private record Policy(String id, PolicyStatus status) implements AccessPolicy {
        @Override
        public PolicyScope scope() {
            return PolicyScope.EVERYTHING;
        }

        @Override
        public Verdict evaluate(AccessRequest request) {
            return Verdict.abstain("no opinion");
        }
    }

    @Test
    void counts_decisions_by_their_outcome() {
        bean.counted(new Decision(true, Optional.empty(), "yes", 1));
        bean.counted(new Decision(false, Optional.empty(), "no", 1));
        bean.counted(new Decision(false, Optional.empty(), "no", 1));
        assertEquals(1, bean.getAllowedDecisions());
        assertEquals(2, bean.getDeniedDecisions());
    }

    @Test
    void tells_policies_by_state_through_the_mbean_server() throws Exception {
        decisions.add("a", new Policy("a", PolicyStatus.ACTIVE));
        decisions.add("b", new Policy("b", new PolicyStatus(PolicyStatus.State.LAST_GOOD, Optional.of("a bad value"))));
        decisions.add("c", new Policy("c", new PolicyStatus(PolicyStatus.State.REJECTED, Optional.of("a bad value"))));
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(AccessControlBean.OBJECT_NAME);
        server.registerMBean(new StandardMBean(bean, AccessControlMXBean.class, true), name);
        try {
            assertEquals(List.of("a"), List.of((String[]) server.getAttribute(name, "ActivePolicies")));
            assertEquals(List.of("b"), List.of((String[]) server.getAttribute(name, "LastGoodPolicies")));
            assertEquals(List.of("c"), List.of((String[]) server.getAttribute(name, "RejectedPolicies")));
            assertEquals(decisions.generation(), server.getAttribute(name, "Generation"));
        } finally {
            server.unregisterMBean(name);
        }
    }
}
