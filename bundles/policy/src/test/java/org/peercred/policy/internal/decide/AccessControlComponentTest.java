/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessPolicy;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.Settings;

/** The component as DS uses it. */
@Timeout(120)
class AccessControlComponentTest {

    private final AccessControlComponent component = new AccessControlComponent(new FakeBackground());
    private final FakePeer alice = FakePeer.uid(1001);

    private static ServiceReference<AccessPolicy> reference() {
        return FakeConfigurations.reference(key -> null);
    }

    @Test
    void follows_policies_that_come_change_and_go() {
        List<Long> heard = new ArrayList<>();
        PolicyListener listener = heard::add;
        component.bindListener(listener);
        FakeUsers users = new FakeUsers();
        UidPolicy uid = new UidPolicy(
                Settings.of("uid", "team", "allow", "1001"), users, new FakeCredentials(1000), new FakeBackground());
        ServiceReference<AccessPolicy> reference = reference();
        assertFalse(component.decide(alice.connect("echo")).allowed());
        component.bindPolicy(reference, uid);
        assertTrue(component.decide(alice.connect("echo")).allowed());
        uid.update(Settings.of("uid", "team", "allow", "1002"));
        component.updatedPolicy(reference);
        assertFalse(component.decide(alice.connect("echo")).allowed());
        assertEquals(List.of(new PolicyReport("uid~team", uid.scope(), PolicyStatus.ACTIVE)), component.policies());
        assertEquals(1, component.explain(alice.connect("echo")).opinions().size());
        component.unbindPolicy(reference);
        uid.update(Settings.of("uid", "team", "allow", "1001"));
        assertFalse(component.decide(alice.connect("echo")).allowed());
        assertEquals(List.of(0L, 1L, 2L, 3L), heard);
        component.reconsider();
        component.unbindListener(listener);
        component.reconsider();
        assertEquals(5, component.generation());
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), heard);
    }

    @Test
    void takes_the_policies_of_others() {
        ServiceReference<AccessPolicy> reference = reference();
        FakePolicy policy = new FakePolicy("mine");
        component.bindPolicy(reference, policy);
        assertTrue(component.decide(alice.connect("echo")).allowed());
        policy.verdict = Verdict.deny("changed its mind");
        component.updatedPolicy(reference);
        assertEquals(2, component.generation());
        component.unbindPolicy(reference);
        assertFalse(component.decide(alice.connect("echo")).allowed());
    }
}
