/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.WebConsoleSecurityProvider;
import org.apache.felix.webconsole.WebConsoleSecurityProvider2;
import org.eclipse.jetty.server.Request;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.http.internal.caller.Caller;

/**
 * Lets into the web console who has the role for it, where the kernel has said who that is; all others are left to whoever asks for
 * passwords. The web console knows one such service only, the one of the highest ranking.
 */
@Component(
        name = "org.peercred.http.console",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = {"service.ranking:Integer=1000", WebConsoleAccess.OURS + "=true"},
        service = WebConsoleSecurityProvider.class)
@SuppressWarnings("deprecation") // what comes after it is not in the web console of this version of Karaf
public final class WebConsoleAccess implements WebConsoleSecurityProvider2 {

    /** A property that no other such service has. */
    static final String OURS = "org.peercred.http";

    /** Where Karaf's web console looks for whom its commands and plugins run as. */
    private static final String RUN_AS = "karaf.subject.runas";

    private final PasswordProviders passwords = new PasswordProviders();
    private final CurrentSettings settings;

    /**
     * Knows nobody yet who asks for passwords.
     *
     * @param settings the role that is asked for
     */
    @Activate
    public WebConsoleAccess(@Reference(name = "settings") CurrentSettings settings) {
        this.settings = settings;
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
