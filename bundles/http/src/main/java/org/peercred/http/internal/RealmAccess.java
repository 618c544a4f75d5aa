/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Map;
import java.util.Optional;
import org.apache.karaf.jaas.config.JaasRealm;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.http.internal.token.Realms;
import org.peercred.http.internal.token.TokenLogin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a realm that takes tokens before the one of the configured name, for as long as there is such a one: by itself it would
 * make a realm of any name, and hide what the JVM knows otherwise by that name. Not there where Karaf's JAAS is not.
 */
@Component(
        name = "org.peercred.http.realm",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class RealmAccess {

    /** A property that no other realm has. */
    static final String OURS = "org.peercred.http";

    private static final Logger LOG = LoggerFactory.getLogger(RealmAccess.class);

    private final BundleContext context;
    private final TokenLogin login;
    private final Realms realms = new Realms();
    private Optional<String> name = Optional.empty();
    private Optional<ServiceRegistration<JaasRealm>> registration = Optional.empty();
    private boolean running;

    /**
     * Publishes nothing yet.
     *
     * @param context publishes the realm
     * @param settings which one is wanted
     */
    @Activate
    public RealmAccess(BundleContext context, @Reference(name = "settings") CurrentSettings settings) {
        this(context, settings.login());
    }

    RealmAccess(BundleContext context, TokenLogin login) {
        this.context = context;
        this.login = login;
    }

    @Reference(
            name = "others",
            target = "(!(" + OURS + "=true))",
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOthers(JaasRealm other, Map<String, ?> properties) {
        realms.add((Long) properties.get(Constants.SERVICE_ID), other);
        arrange();
    }

    void unbindOthers(JaasRealm other, Map<String, ?> properties) {
        realms.remove((Long) properties.get(Constants.SERVICE_ID));
        arrange();
    }

    /** Called when all realms that there are have been bound. */
    @Activate
    void activate() {
        synchronized (this) {
            running = true;
        }
        login.keep(this::arrange);
    }

    @Deactivate
    void deactivate() {
        synchronized (this) {
            running = false;
            publish(Optional.empty());
        }
        login.keepNoMore();
    }

    private synchronized void arrange() {
        if (!running) {
            return;
        }
        Optional<String> wanted = login.wanted().filter(realms::has);
        if (!wanted.equals(name)) {
            publish(wanted);
        }
        login.taking(wanted);
    }

    private synchronized void publish(Optional<String> wanted) {
        registration.ifPresent(RealmAccess::unregister);
        name = wanted;
        registration = wanted.map(realm -> context.registerService(
                JaasRealm.class,
                realms.before(realm, login.tokens(), context.getBundle().getBundleId()),
                FrameworkUtil.asDictionary(Map.of(OURS, "true"))));
    }

    private static void unregister(ServiceRegistration<JaasRealm> before) {
        try {
            before.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The framework was faster", e);
        }
    }
}
