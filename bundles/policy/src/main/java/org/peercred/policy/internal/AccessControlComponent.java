/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.List;
import java.util.Map;
import javax.management.DynamicMBean;
import javax.management.StandardMBean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.Explanation;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyReport;

/** {@link Decisions} as a service; policies and their listeners come as whiteboard services. */
@Component(name = "org.peercred.policy.access", service = AccessControl.class, immediate = true)
public final class AccessControlComponent implements AccessControl {

    private final Decisions decisions = new Decisions();
    private final AccessControlBean bean = new AccessControlBean(decisions);
    private ServiceRegistration<DynamicMBean> registration;

    /** Starts with no policy: everything is refused. */
    @Activate
    public AccessControlComponent() {}

    @Activate
    void activate(BundleContext context) {
        registration = context.registerService(
                DynamicMBean.class,
                new StandardMBean(bean, AccessControlMXBean.class, true),
                FrameworkUtil.asDictionary(Map.of("jmx.objectname", AccessControlBean.OBJECT_NAME)));
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
    }

    @Reference(
            name = "policies",
            service = AccessPolicy.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            bind = "bindPolicy",
            updated = "updatedPolicy",
            unbind = "unbindPolicy")
    void bindPolicy(ServiceReference<AccessPolicy> reference, AccessPolicy policy) {
        if (policy instanceof ConfiguredPolicy configured) {
            configured.observe(() -> decisions.changed(reference));
        }
        decisions.add(reference, policy);
    }

    void updatedPolicy(ServiceReference<AccessPolicy> reference) {
        decisions.changed(reference);
    }

    void unbindPolicy(ServiceReference<AccessPolicy> reference, AccessPolicy policy) {
        if (policy instanceof ConfiguredPolicy configured) {
            configured.observe(() -> {});
        }
        decisions.remove(reference);
    }

    @Reference(
            name = "listeners",
            service = PolicyListener.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            bind = "bindListener",
            unbind = "unbindListener")
    void bindListener(PolicyListener listener) {
        decisions.add(listener);
    }

    void unbindListener(PolicyListener listener) {
        decisions.remove(listener);
    }

    @Override
    public Decision decide(AccessRequest request) {
        return bean.counted(decisions.decide(request));
    }

    @Override
    public Explanation explain(AccessRequest request) {
        return decisions.explain(request);
    }

    @Override
    public long generation() {
        return decisions.generation();
    }

    @Override
    public List<PolicyReport> policies() {
        return decisions.policies();
    }

    @Override
    public void reconsider() {
        decisions.reconsider();
    }
}
