/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.component.LifeCycle;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Forwarding;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.gate.RequestAudit;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.service.ChannelConnection;
import org.peercred.testing.TestListener;

/** A Jetty with one application, behind a real listener that speaks HTTP, and with nothing of it on TCP. */
final class Web implements AutoCloseable {

    final Everything application = new Everything();
    /** How many requests the application saw. */
    final AtomicInteger served = application.served;

    final Server server = new Server();
    final PeerConnector connector;
    final TestListener listener;
    /** The user's name; empty for one made of the number. */
    volatile String name = "";

    /** The role of reverse proxies. */
    volatile Optional<String> proxyRole = Optional.empty();

    /** Whether there is nobody who decides. */
    volatile boolean undecided;

    /** Whether the audit log wants to know of requests. */
    volatile boolean auditsRequests;

    final AtomicInteger counted = new AtomicInteger();

    /** What it was told of them. */
    final List<Audited> audited = new CopyOnWriteArrayList<>();

    /** What the audit log was told of a request. */
    record Audited(String action, String reason, Map<String, String> details) {}

    Web() {
        ServletContextHandler handler = new ServletContextHandler();
        ServletHolder servlet = new ServletHolder(application);
        servlet.setAsyncSupported(true);
        handler.addServlet(servlet, "/");
        server.setHandler(handler);
        LifeCycle.start(server);
        AccessHolder holder = new AccessHolder();
        connector = new PeerConnector(
                server,
                channel -> new Caller(audited(channel), uid -> name.isEmpty() ? "user" + uid : name),
                List.of(
                        new Admission(new Gatekeeper(
                                () -> undecided ? Optional.empty() : Optional.of(holder.listener.access()))),
                        new Forwarding(() -> proxyRole)));
        server.addConnector(connector);
        connector.addBean(new RequestAudit());
        LifeCycle.start(connector);
        listener = TestListener.channels(connector, "protocol", "http");
        holder.listener = listener;
    }

    /** The listener is made with the connector, which has to know it. */
    private static final class AccessHolder {

        private volatile TestListener listener;
    }

    /** The connection, with this object in place of the audit log of requests. */
    @SuppressWarnings("unchecked")
    private ChannelConnection audited(ChannelConnection channel) {
        return (ChannelConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ChannelConnection.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "auditsRequests" -> {
                            return auditsRequests;
                        }
                        case "countRequest" -> {
                            return counted.incrementAndGet();
                        }
                        case "auditRequest" -> {
                            audited.add(new Audited(
                                    (String) arguments[0], (String) arguments[1], (Map<String, String>) arguments[2]));
                            return null;
                        }
                        default -> {
                            try {
                                return method.invoke(channel, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    }
                });
    }

    Browser browser() throws IOException {
        return new Browser(listener.path());
    }

    /** Has every request decided, by a rule for its action. */
    void decideRequests(Predicate<String> rule) {
        decideRequests(AccessRequest.EVERY_HTTP, rule);
    }

    /** Has a policy that covers something decide by a rule for its action. */
    void decideRequests(String covered, Predicate<String> rule) {
        PolicyScope scope = new PolicyScope(Set.of("test"), Set.of(covered));
        listener.access().show(new PolicyReport("http~web", scope, PolicyStatus.ACTIVE));
        listener.access()
                .allow(request -> request.action().equals(AccessRequest.CONNECT) || rule.test(request.action()));
    }

    @Override
    public void close() {
        application.goOn.countDown();
        listener.close();
        LifeCycle.stop(server);
    }
}
