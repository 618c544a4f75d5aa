/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.WebConsoleSecurityProvider;
import org.apache.felix.webconsole.WebConsoleSecurityProvider2;
import org.eclipse.jetty.server.Request;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.reload.LastGood;
import org.peercred.http.internal.caller.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets into the web console who has the role for it, where the kernel has said who that is; all others are left to whoever asks for
 * passwords. The web console knows one such service only, the one of the highest ranking.
 */
@Component(
        name = "org.peercred.http",
        configurationPid = HttpSettings.PID,
        property = {"service.ranking:Integer=1000", WebConsoleAccess.OURS + "=true"},
        service = WebConsoleSecurityProvider.class)
@Designate(ocd = HttpConfiguration.class)
@SuppressWarnings("deprecation") // what comes after it is not in the web console of this version of Karaf
public final class WebConsoleAccess implements WebConsoleSecurityProvider2 {

    /** A property that no other such service has. */
    static final String OURS = "org.peercred.http";

    /** Where Karaf's web console looks for whom its commands and plugins run as. */
    private static final String RUN_AS = "karaf.subject.runas";

    private static final Logger LOG = LoggerFactory.getLogger(WebConsoleAccess.class);

    private final PasswordProviders passwords = new PasswordProviders();
    private final LastGood<HttpSettings> newest =
            new LastGood<>(HttpSettings.PID, HttpSettings.SCHEMA.known(), HttpSettings::from, LOG);
    private volatile HttpSettings settings = HttpSettings.USUAL;

    /**
     * Reads the first configuration.
     *
     * @param properties the configuration
     */
    @Activate
    public WebConsoleAccess(Map<String, ?> properties) {
        configure(properties);
    }

    @Modified
    void configure(Map<String, ?> properties) {
        newest.take(properties, () -> "The web console stays as it was.").ifPresent(now -> settings = now);
    }

    /** Whoever asks for passwords, over TCP. */
    @Reference(
            name = "others",
            target = "(!(" + OURS + "=true))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindOthers(ServiceReference<WebConsoleSecurityProvider> reference, WebConsoleSecurityProvider other) {
        passwords.add(reference, other);
    }

    void unbindOthers(ServiceReference<WebConsoleSecurityProvider> reference) {
        passwords.remove(reference);
    }

    @Override
    public boolean authenticate(HttpServletRequest request, HttpServletResponse response) {
        Request base = Request.getBaseRequest(request);
        if (base != null && base.getAuthentication() instanceof Caller caller) {
            return admit(caller, request, response);
        }
        return passwords.authenticate(request, response);
    }

    private boolean admit(Caller caller, HttpServletRequest request, HttpServletResponse response) {
        if (!caller.roles().contains(settings.consoleRole())) {
            return PasswordProviders.refuse(response);
        }
        request.setAttribute(USER_ATTRIBUTE, caller.getUserPrincipal().getName());
        request.setAttribute(RUN_AS, caller.getSubject());
        return true;
    }

    @Override
    public Object authenticate(String user, String password) {
        return passwords.best().map(other -> other.authenticate(user, password)).orElse(null);
    }

    @Override
    public boolean authorize(Object user, String role) {
        return passwords.best().map(other -> other.authorize(user, role)).orElse(false);
    }
}
