/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** The access control beside configurations that a test changes, and an owner who is allowed. */
abstract class AbsenceFixture {

    static final String PID = "org.peercred.policy.uid~x";
    static final Map<String, Object> OTHERS_ONLY =
            Settings.of("uid", "x", "allow", "7", "otherwise", "deny", "listeners", "echo");

    final FakeConfigurations configurations = new FakeConfigurations();
    final FakeBackground background = new FakeBackground();
    final AccessControlComponent component = new AccessControlComponent(background);
    final ServiceReference<AccessPolicy> owner = reference(null);

    static ServiceReference<AccessPolicy> reference(Object pid) {
        return FakeConfigurations.reference(key -> key.equals("service.pid") ? pid : null);
    }

    void start() {
        component.bindPolicy(owner, FixedPolicy.allow("owner"));
        component.bindAdmin(configurations.admin());
        component.activate(context());
    }

    BundleContext context() {
        ServiceReference<Object> self = FakeConfigurations.reference(key -> null);
        ServiceRegistration<?> registration = FakeConfigurations.proxy(
                ServiceRegistration.class, Map.of("getReference", arguments -> self, "unregister", arguments -> {
                    configurations.tell(event -> {});
                    return null;
                }));
        return FakeConfigurations.proxy(BundleContext.class, Map.of("registerService", arguments -> {
            if (arguments[1] instanceof SynchronousConfigurationListener listener) {
                configurations.tell(listener);
            }
            return registration;
        }));
    }

    static AccessRequest on(String listener) {
        return FakePeer.uid(1001).connect(listener);
    }

    boolean open(String listener) {
        return component.decide(on(listener)).allowed();
    }

    UidPolicy uid(Map<String, Object> settings) {
        return new UidPolicy(settings, new FakeUsers(), new FakeCredentials(1000), background);
    }

    Optional<PolicyReport> report(String id) {
        return component.policies().stream()
                .filter(report -> report.id().equals(id))
                .findAny();
    }
}
