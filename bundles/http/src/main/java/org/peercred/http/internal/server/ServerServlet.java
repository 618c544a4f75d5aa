/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.server;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.servlet.http.HttpServlet;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.peercred.common.web.ServletOffer;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.RequestAudit;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.http.internal.token.TokenHeader;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelService;
import org.peercred.service.PeercredConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this bundle learns of a web server without restarting it: a servlet is initialised with the server. It answers no request. Safe to
 * be used by any thread.
 */
public final class ServerServlet extends HttpServlet implements ServletOffer.Taken {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ServerServlet.class);

    private final transient BundleContext context;
    private final transient Function<ChannelConnection, Caller> callers;
    private final transient TokenHeader tokens;
    private final transient List<HttpConfiguration.Customizer> customizers;
    private final transient LifeCycle.Listener end = new LifeCycle.Listener() {
        @Override
        public void lifeCycleStopping(LifeCycle server) {
            detach();
        }
    };
    private transient Attached attached;
    private transient boolean taken;

    /** What was put into a server. */
    private record Attached(Server server, PeerConnector connector, ServiceRegistration<ChannelService> registration) {}

    /**
     * Knows no web server yet.
     *
     * @param context publishes the service for listeners while there is a web server
     * @param callers who a connection's requests come from
     * @param tokens what requests that are admitted get, behind all others that look at them
     * @param customizers look at each request, one after the other until one has answered it
     */
    public ServerServlet(
            BundleContext context,
            Function<ChannelConnection, Caller> callers,
            TokenHeader tokens,
            HttpConfiguration.Customizer... customizers) {
        this.context = context;
        this.callers = callers;
        this.tokens = tokens;
        this.customizers =
                Stream.concat(Stream.of(customizers), Stream.of(tokens)).toList();
    }

    @Override
    public synchronized void init() {
        taken = true;
        try {
            Server server = JettyServer.of(getServletContext());
            if (attached == null || attached.server() != server) {
                leave();
                attach(server);
                LOG.info("The web applications of this container answer on listeners of the service http.");
            }
        } catch (Exception e) {
            LOG.error(
                    "The web applications of this container cannot answer on listeners: {}",
                    e.getMessage(),
                    e.getCause());
        }
    }

    private void attach(Server server) throws Exception {
        PeerConnector connector = new PeerConnector(server, callers, customizers);
        connector.addBean(new RequestAudit());
        connector.addBean(tokens);
        server.addConnector(connector);
        try {
            connector.start();
        } catch (Exception e) {
            server.removeConnector(connector);
            throw e;
        }
        attached = new Attached(
                server,
                connector,
                context.registerService(
                        ChannelService.class,
                        connector,
                        FrameworkUtil.asDictionary(Map.of(PeercredConstants.SERVICE, "http"))));
        server.addLifeCycleListener(end);
    }

    /**
     * What is in the server stays for as long as that runs: Pax Web also destroys a servlet to initialise it again, whenever somebody
     * registers a listener or a WebSocket beside it, and those who are connected have nothing to do with that.
     */
    @Override
    public synchronized void destroy() {
        taken = false;
    }

    /** Whether a web server has it now, even one that it can do nothing with. */
    @Override
    public synchronized boolean isTaken() {
        return taken;
    }

    /** Ends what was put into a server; the server may go on. Does nothing where it is in none. */
    public synchronized void detach() {
        taken = false;
        leave();
    }

    private void leave() {
        Attached before = attached;
        if (before == null) {
            return;
        }
        attached = null;
        before.server().removeLifeCycleListener(end);
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
