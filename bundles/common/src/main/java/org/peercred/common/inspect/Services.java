/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessControl;
import org.peercred.access.DryRun;
import org.peercred.access.RoleDirectory;

/**
 * The services behind a command, looked up while it runs and given back when it ends. They are no references of the commands:
 * Karaf hides all commands of a bundle while one reference of one of them is missing, just when they are needed.
 */
public final class Services implements AutoCloseable {

    private final BundleContext context;
    private final Bundle bundle;
    private final List<ServiceReference<?>> held = new ArrayList<>();

    /**
     * Looks up nothing yet.
     *
     * @param context this bundle's
     */
    public Services(BundleContext context) {
        this.context = context;
        this.bundle = context.getBundle();
    }

    /**
     * A service, if it is there.
     *
     * @param <S> its type
     * @param type its type
     * @return the service of the highest ranking
     */
    public <S> Optional<S> find(Class<S> type) {
        return Optional.ofNullable(context.getServiceReference(type)).flatMap(this::hold);
    }

    /**
     * All services of a type.
     *
     * @param <S> their type
     * @param type their type
     * @return those that are there
     */
    public <S> List<S> all(Class<S> type) {
        try {
            Collection<ServiceReference<S>> references = context.getServiceReferences(type, null);
            return references.stream().flatMap(r -> hold(r).stream()).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A service that a command cannot do without.
     *
     * @param <S> its type
     * @param type its type
     * @return the service
     * @throws Refusal if it is missing; the message names the bundle that provides it
     */
    public <S> S need(Class<S> type) throws Refusal {
        return find(type).orElseThrow(() -> new Refusal(missing(type)));
    }

    /**
     * What is said when a service is missing.
     *
     * @param type its type
     * @return a sentence that names the bundle it comes with
     */
    public static String missing(Class<?> type) {
        return "The service " + type.getSimpleName() + " is missing; it comes with the bundle " + provider(type)
                + ", once that is active (see bundle:list).";
    }

    /** Those of the package of the access decisions come from two bundles; the others from one each. */
    private static String provider(Class<?> type) {
        String name = type.getPackageName();
        if (name.equals("org.peercred.credentials")) {
            return name;
        }
        boolean policy = type == AccessControl.class || type == RoleDirectory.class || type == DryRun.class;
        return policy ? "org.peercred.policy" : "org.peercred.listener";
    }

    private <S> Optional<S> hold(ServiceReference<S> reference) {
        S service = context.getService(reference);
        if (service == null) {
            return Optional.empty();
        }
        held.add(reference);
        return Optional.of(service);
    }

    /**
     * Whether nothing has gone since it was found.
     *
     * @return true if every service found is still there, and this bundle too
     */
    public boolean stillThere() {
        return bundle.getState() == Bundle.ACTIVE && held.stream().allMatch(r -> r.getBundle() != null);
    }

    /** Gives the services back. */
    @Override
    public void close() {
        try {
            held.forEach(context::ungetService);
        } catch (IllegalStateException e) {
            // This bundle was stopped meanwhile, and the framework has given them back.
        }
        held.clear();
    }
}
