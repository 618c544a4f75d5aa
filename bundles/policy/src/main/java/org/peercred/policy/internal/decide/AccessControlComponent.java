/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.management.DynamicMBean;
import javax.management.NotificationBroadcasterSupport;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.SynchronousConfigurationListener;
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
import org.peercred.common.jmx.DescribedBean;
import org.peercred.common.reload.Chores;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.Doubts;

/** {@link Decisions} as a service; policies and their listeners come as whiteboard services. */
@Component(
        name = "org.peercred.policy.access",
        service = {AccessControl.class, Alternatives.class},
        immediate = true)
public final class AccessControlComponent implements AccessControl, Alternatives {

    private static final int MOST_TRIES = 40;
    private static final long PAUSE_NANOS = 50_000_000;

    private final Decisions decisions = new Decisions();
    private final AccessControlBean bean = new AccessControlBean(decisions);
    private final PolicyConfigurations configurations;
    private final Consumer<Map<String, Doubt>> doubter = decisions::doubt;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Starts with no policy: everything is refused. */
    @Activate
    public AccessControlComponent(@Reference(name = "background") Background background) {
        configurations = new PolicyConfigurations(decisions, background);
        Chores.Chore repair = background.chore(decisions::reconsider);
        decisions.onFailure(() -> repair.in(Chores.PAUSE));
    }

    /** Learns which configurations exist before anybody can ask for a decision. */
    @Activate
    void activate(BundleContext context) {
        ServiceRegistration<SynchronousConfigurationListener> listening =
                context.registerService(SynchronousConfigurationListener.class, configurations, null);
        registrations.add(listening);
        configurations.start(listening.getReference());
        registrations.add(context.registerService(
                DynamicMBean.class,
                new DescribedBean(bean, AccessControlMXBean.class, new NotificationBroadcasterSupport()),
                FrameworkUtil.asDictionary(Map.of("jmx.objectname", AccessControlBean.OBJECT_NAME))));
    }

    /** Which configurations must not count as they are is known before anything is decided. */
    @Reference(name = "doubts", service = Doubts.class, bind = "bindDoubts", unbind = "unbindDoubts")
    void bindDoubts(Doubts doubts) {
        doubts.follow(doubter, true);
    }

    void unbindDoubts(Doubts doubts) {
        doubts.forget(doubter);
    }

    @Deactivate
    void deactivate() {
        decisions.close();
        registrations.forEach(ServiceRegistration::unregister);
    }

    @Reference(
            name = "admin",
            service = ConfigurationAdmin.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            bind = "bindAdmin",
            unbind = "unbindAdmin")
    void bindAdmin(ConfigurationAdmin admin) {
        configurations.use(admin);
    }

    void unbindAdmin(ConfigurationAdmin admin) {
        configurations.forget(admin);
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
        Set<String> pids = pids(reference);
        for (int tries = 1; !added(reference, policy, pids, tries); tries++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        configurations.arrived(pids);
    }

    /** DS does not repeat what failed: a policy that denies must not be lost, nor one that is gone go on. */
    private boolean added(ServiceReference<AccessPolicy> reference, AccessPolicy policy, Set<String> pids, int tries) {
        try {
            decisions.add(reference, policy, pids);
            return true;
        } catch (Throwable e) {
            return givenUp(e, tries);
        }
    }

    private boolean removed(ServiceReference<AccessPolicy> reference, int tries) {
        try {
            decisions.remove(reference);
            return true;
        } catch (Throwable e) {
            return givenUp(e, tries);
        }
    }

    private boolean givenUp(Throwable e, int tries) {
        Chores.tell(e);
        if (tries < MOST_TRIES) {
            return false;
        }
        decisions.giveUp();
        return true;
    }

    void updatedPolicy(ServiceReference<AccessPolicy> reference) {
        decisions.changed(reference);
    }

    void unbindPolicy(ServiceReference<AccessPolicy> reference) {
        for (int tries = 1; !removed(reference, tries); tries++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        configurations.gone();
    }

    /** The PIDs of the configurations that a service was made of; usually one. */
    private static Set<String> pids(ServiceReference<?> reference) {
        Object pids = reference.getProperty(Constants.SERVICE_PID);
        if (pids instanceof String[] several) {
            return Set.copyOf(Arrays.asList(several));
        }
        if (pids instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
        }
        return pids == null ? Set.of() : Set.of(pids.toString());
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
    public AccessControl unchanged() {
        return decisions.unchanged();
    }

    @Override
    public List<RoleUse> roleUses() {
        return decisions.roleUses();
    }

    @Override
    public AccessControl instead(String pid, AccessPolicy policy) {
        return decisions.instead(pid, policy);
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
