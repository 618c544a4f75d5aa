/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.access.AccessControl;
import org.peercred.common.names.UserNames;
import org.peercred.common.web.ServletOffer;
import org.peercred.credentials.UserDatabase;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Forwarding;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.server.ServerServlet;
import org.peercred.http.internal.token.TokenHeader;

/** Puts a connector for listeners into whatever web server runs in the container, for as long as that does. */
@Component(
        name = "org.peercred.http.attachment",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class Attachment {

    private final UserNames names = new UserNames();
    private final ServerServlet servlet;
    private final ServletOffer offer;
    private volatile Optional<AccessControl> accessControl = Optional.empty();

    /**
     * Waits for a web server.
     *
     * @param context publishes what the web server and the listeners find
     * @param settings whether applications get tokens
     */
    @Activate
    public Attachment(BundleContext context, @Reference(name = "settings") CurrentSettings settings) {
        Admission admission = new Admission(new Gatekeeper(() -> accessControl));
        servlet = new ServerServlet(
                context,
                channel -> new Caller(channel, names::of),
                new TokenHeader(settings.login()),
                admission,
                new Forwarding(settings::proxyRole));
        offer = new ServletOffer(
                context,
                servlet,
                Map.of(
                        "osgi.http.whiteboard.servlet.name", "org.peercred.http",
                        "osgi.http.whiteboard.servlet.pattern", "/.org.peercred.http",
                        "load-on-startup", 1),
                "peercred-http");
        offer.make();
    }

    @Reference(
            name = "access",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccess(AccessControl control) {
        accessControl = Optional.of(control);
    }

    void unbindAccess(AccessControl control) {
        accessControl = accessControl.filter(current -> current != control);
    }

    @Reference(
            name = "users",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindUsers(UserDatabase users) {
        names.use(users);
    }

    void unbindUsers(UserDatabase users) {
        names.useNoMore(users);
    }

    @Deactivate
    void deactivate() {
        offer.withdraw();
        servlet.detach();
    }
}
