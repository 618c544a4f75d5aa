/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.ServletConfig;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.peercred.service.ChannelService;

/** Beside a whiteboard that misses servlets, as Pax Web's does by chance while a web server comes up. */
class ServletOfferTest {

    private final AtomicInteger offers = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();
    private final AtomicInteger services = new AtomicInteger();
    private final BundleContext context = proxy(BundleContext.class, this::call);
    private final ServerServlet servlet = new ServerServlet(context, channel -> null, null);
    private final ServletContextHandler handler = new ServletContextHandler();
    private final Server server = new Server();
    private ServletOffer offer = new ServletOffer(context, servlet, Duration.ofMillis(20));

    private volatile boolean running;
    private volatile boolean known;
    private volatile ServiceListener listener;

    @AfterEach
    void end() throws Exception {
        offer.withdraw();
        server.stop();
    }

    @Test
    void what_a_web_server_missed_is_offered_again_until_it_is_taken() throws Exception {
        startServer();
        missed.set(3);
        offer.make();
        await().until(() -> services.get() == 1);
        assertEquals(4, offers.get());
        offer.withdraw();
        assertEquals(0, services.get());
        assertEquals(0, server.getConnectors().length);
    }

    @Test
    void a_web_server_that_comes_later_and_misses_it_is_asked_again() throws Exception {
        offer.make();
        missed.set(0);
        startServer();
        listener.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference()));
        await().until(() -> services.get() == 1);
        assertEquals(2, offers.get());
    }

    @Test
    void a_server_that_is_no_jetty_has_it_all_the_same() {
        running = true;
        known = false;
        offer.make();
        await().pollDelay(Duration.ofMillis(200)).until(() -> offers.get() == 1);
        assertEquals(0, services.get());
    }

    @Test
    void nothing_is_offered_again_after_the_end() throws Exception {
        startServer();
        missed.set(Integer.MAX_VALUE);
        offer.make();
        await().until(() -> offers.get() > 2);
        offer.withdraw();
        int before = offers.get();
        await().pollDelay(Duration.ofMillis(200)).until(() -> offers.get() == before);
    }

    @Test
    void a_context_that_begins_anew_leaves_connections_alone() throws Exception {
        waitLong();
        startServer();
        missed.set(0);
        offer.make();
        Connector before = server.getConnectors()[0];
        servlet.destroy();
        take();
        assertArrayEquals(new Connector[] {before}, server.getConnectors());
        assertTrue(before.isRunning());
        assertEquals(1, services.get());
    }

    @Test
    void a_server_that_stops_is_left_at_once_and_joined_again_when_it_starts() throws Exception {
        waitLong();
        startServer();
        missed.set(0);
        offer.make();
        Connector before = server.getConnectors()[0];
        server.stop();
        assertEquals(0, services.get());
        assertEquals(0, server.getConnectors().length);
        assertFalse(before.isRunning());
        server.start();
        take();
        assertEquals(1, server.getConnectors().length);
        assertEquals(1, services.get());
    }

    private void startServer() throws Exception {
        server.setHandler(handler);
        server.start();
        known = true;
        running = true;
    }

    /** So that nothing is offered again while a test has the servlet taken away. */
    private void waitLong() {
        offer = new ServletOffer(context, servlet, Duration.ofHours(1));
    }

    private Object call(Object self, Method method, Object[] args) {
        return switch (method.getName()) {
            case "addServiceListener" -> {
                listener = (ServiceListener) args[0];
                yield null;
            }
            case "removeServiceListener" -> null;
            case "getServiceReference" -> running ? reference() : null;
            case "registerService" -> args[0] == ChannelService.class ? service() : servlet();
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private ServiceRegistration<?> service() {
        services.incrementAndGet();
        return proxy(ServiceRegistration.class, (self, method, args) -> services.decrementAndGet() < 0);
    }

    private ServiceRegistration<?> servlet() {
        offers.incrementAndGet();
        boolean taken = running && missed.getAndDecrement() <= 0;
        if (taken) {
            take();
        }
        return proxy(ServiceRegistration.class, (self, method, args) -> {
            if (taken) {
                servlet.destroy();
            }
            return null;
        });
    }

    private void take() {
        ServletContext ofServer = known ? handler.getServletContext() : proxy(ServletContext.class, (s, m, a) -> null);
        try {
            servlet.init(proxy(ServletConfig.class, (self, method, args) -> switch (method.getName()) {
                case "getServletContext" -> ofServer;
                default -> throw new UnsupportedOperationException(method.getName());
            }));
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServiceReference<?> reference() {
        return proxy(ServiceReference.class, (self, method, args) -> null);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
