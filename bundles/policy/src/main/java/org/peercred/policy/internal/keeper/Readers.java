/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.Arrays;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Tells whether anybody reads configurations with a PID, bundles of other people included. */
public final class Readers implements Predicate<String> {

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    /**
     * Makes one.
     *
     * @param context to look for services
     * @param components knows the components
     */
    public Readers(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    @Override
    public boolean test(String pid) {
        return components.getComponentDescriptionDTOs().stream()
                        .anyMatch(component ->
                                Arrays.asList(component.configurationPid).contains(pid))
                || isManaged(ManagedService.class, pid)
                || isManaged(ManagedServiceFactory.class, pid);
    }

    private boolean isManaged(Class<?> type, String pid) {
        try {
            return context.getServiceReferences(type, null).stream()
                    .anyMatch(service -> pid.equals(service.getProperty("service.pid")));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
