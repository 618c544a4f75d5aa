/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.util.Map;
import java.util.Optional;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import org.eclipse.jetty.server.Server;
import org.osgi.framework.BundleContext;
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
import org.peercred.access.AccessControl;
import org.peercred.common.names.UserNames;
import org.peercred.credentials.UserDatabase;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.service.ChannelService;
import org.peercred.service.PeercredConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a connector for listeners into whatever web server runs in the container, for as long as that does. A servlet is how a bundle learns of a
 * web server's coming and going without restarting it: it is initialised with the server and destroyed with it. It answers no
 * request.
 */
@Component(
        name = "org.peercred.http.attachment",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Servlet.class,
        property = {
            "osgi.http.whiteboard.servlet.name=org.peercred.http",
            "osgi.http.whiteboard.servlet.pattern=/.org.peercred.http",
            "load-on-startup=1"
        })
public final class Attachment extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private final transient BundleContext context;
    private final transient UserNames names = new UserNames();
    private final transient Gatekeeper gatekeeper;
    private transient volatile Optional<AccessControl> accessControl = Optional.empty();
    private transient Attached attached;

    /** What was put into a server. */
    private record Attached(Server server, PeerConnector connector, ServiceRegistration<ChannelService> registration) {}

    /**
     * Waits for a web server.
     *
     * @param context publishes the service
     */
    @Activate
    public Attachment(BundleContext context) {
        this.context = context;
        this.gatekeeper = new Gatekeeper(() -> accessControl);
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

    @Override
    public synchronized void init() {
        detach();
        Server server = JettyServer.of(getServletContext());
        PeerConnector connector =
                new PeerConnector(server, channel -> new Caller(channel, names::of), new Admission(gatekeeper));
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            throw new IllegalStateException("The web server takes no connector for listeners: " + e.getMessage(), e);
        }
        ServiceRegistration<ChannelService> registration = context.registerService(
                ChannelService.class, connector, FrameworkUtil.asDictionary(Map.of(PeercredConstants.SERVICE, "http")));
        attached = new Attached(server, connector, registration);
        LOG.info("The web applications of this container answer on listeners of the service http.");
    }

    @Override
    public synchronized void destroy() {
        detach();
    }

    /** The web server may still be there when this bundle is not. */
    @Deactivate
    synchronized void deactivate() {
        detach();
    }

    private void detach() {
        Attached before = attached;
        if (before == null) {
            return;
        }
        attached = null;
        try {
            before.registration().unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The framework was faster", e);
        }
        try {
            before.connector().stop();
        } catch (Exception e) {
            LOG.warn("The connector for listeners did not stop in order: {}", e.toString());
        }
        before.server().removeConnector(before.connector());
        LOG.info("The web applications of this container do not answer on listeners any more.");
    }
}
