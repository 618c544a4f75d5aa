/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.ServletConfig;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.peercred.service.ChannelService;

/** What is put into a web server that takes the servlet, and for how long it stays there. */
@Timeout(120)
class ServerServletTest {

    private final AtomicInteger services = new AtomicInteger();
    private final BundleContext context = proxy(BundleContext.class, this::call);
    private final ServerServlet servlet = new ServerServlet(context, channel -> null, null);
    private final ServletContextHandler handler = new ServletContextHandler();
    private final Server server = new Server();

    @BeforeEach
    void start() throws Exception {
        server.setHandler(handler);
        server.start();
    }

    @AfterEach
    void end() throws Exception {
        servlet.detach();
        server.stop();
    }

    @Test
    void a_server_that_goes_on_is_left_as_it_was() throws Exception {
        take(handler.getServletContext());
        assertEquals(1, services.get());
        assertEquals(1, server.getConnectors().length);
        servlet.detach();
        assertEquals(0, services.get());
        assertEquals(0, server.getConnectors().length);
        assertTrue(server.isRunning());
    }

    @Test
    void a_server_that_is_no_jetty_has_it_all_the_same() throws Exception {
        take(proxy(ServletContext.class, (self, method, args) -> null));
        assertTrue(servlet.isTaken());
        assertEquals(0, services.get());
    }

    @Test
    void a_context_that_begins_anew_leaves_connections_alone() throws Exception {
        take(handler.getServletContext());
        Connector before = server.getConnectors()[0];
        servlet.destroy();
        assertFalse(servlet.isTaken());
        take(handler.getServletContext());
        assertArrayEquals(new Connector[] {before}, server.getConnectors());
        assertTrue(before.isRunning());
        assertEquals(1, services.get());
    }

    @Test
    void a_server_that_stops_is_left_at_once_and_joined_again_when_it_starts() throws Exception {
        take(handler.getServletContext());
        Connector before = server.getConnectors()[0];
        server.stop();
        assertEquals(0, services.get());
        assertEquals(0, server.getConnectors().length);
        assertFalse(before.isRunning());
        server.start();
        take(handler.getServletContext());
        assertEquals(1, server.getConnectors().length);
        assertEquals(1, services.get());
    }

    private Object call(Object self, Method method, Object[] args) {
        if (method.getName().equals("registerService") && args[0] == ChannelService.class) {
            services.incrementAndGet();
            return proxy(ServiceRegistration.class, (registration, unregister, none) -> services.decrementAndGet() < 0);
        }
        throw new UnsupportedOperationException(method.getName());
    }

    private void take(ServletContext ofServer) throws ServletException {
        servlet.init(proxy(ServletConfig.class, (self, method, args) -> switch (method.getName()) {
            case "getServletContext" -> ofServer;
            default -> throw new UnsupportedOperationException(method.getName());
        }));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
