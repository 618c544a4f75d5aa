/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.http.HttpServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Beside a whiteboard that misses servlets, as Pax Web's does by chance while a web server comes up. */
@Timeout(120)
class ServletOfferTest {

    private static final Duration PATIENCE = Duration.ofMillis(20);
    private static final String THREAD = "test-servlet-offer";

    private final AtomicInteger offers = new AtomicInteger();
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final BundleContext context = proxy(BundleContext.class, this::call);
    private final Page servlet = new Page();
    private final ServletOffer offer =
            new ServletOffer(context, servlet, Map.of("osgi.http.whiteboard.servlet.name", "test"), THREAD, PATIENCE);

    private volatile boolean running;
    private volatile int missed;
    private volatile ServiceListener listener;
    private volatile Object name;

    /** A servlet that knows whether a web server has it. */
    private static final class Page extends HttpServlet implements ServletOffer.Taken {

        private static final long serialVersionUID = 1L;
        private volatile boolean taken;

        @Override
        public void init() {
            taken = true;
        }

        @Override
        public void destroy() {
            taken = false;
        }

        @Override
        public boolean isTaken() {
            return taken;
        }
    }

    @AfterEach
    void end() {
        offer.withdraw();
    }

    @Test
    void what_a_web_server_missed_is_offered_again_until_it_is_taken() {
        running = true;
        missed = 3;
        offer.make();
        await().until(servlet::isTaken);
        assertEquals(4, offers.get());
        assertEquals(1, offered.get());
        assertEquals("test", name);
        offer.withdraw();
        assertEquals(0, offered.get());
    }

    @Test
    void a_web_server_that_has_it_is_left_alone() {
        running = true;
        offer.make();
        assertTrue(servlet.isTaken());
        await().until(() -> threads() == 0);
        assertEquals(1, offers.get());
    }

    @Test
    void a_web_server_that_comes_later_and_misses_it_is_asked_again() {
        missed = 1;
        offer.make();
        await().until(() -> looks.get() > 0);
        assertEquals(1, offers.get());
        running = true;
        listener.serviceChanged(new ServiceEvent(ServiceEvent.REGISTERED, reference()));
        await().until(servlet::isTaken);
        assertEquals(2, offers.get());
    }

    @Test
    void nobody_looks_while_there_is_no_web_server_to_take_it() {
        missed = 1;
        offer.make();
        await().until(() -> threads() == 0);
        assertEquals(1, looks.get());
    }

    @Test
    void nothing_is_offered_again_after_the_end() {
        running = true;
        missed = Integer.MAX_VALUE;
        offer.make();
        await().until(() -> offers.get() > 2);
        offer.withdraw();
        int before = offers.get();
        assertEquals(0, offered.get());
        await().until(() -> threads() == 0);
        assertEquals(before, offers.get());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD))
                .count();
    }

    private Object call(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "addServiceListener" -> {
                listener = (ServiceListener) arguments[0];
                yield null;
            }
            case "removeServiceListener" -> null;
            case "registerService" -> {
                name = ((Dictionary<?, ?>) arguments[2]).get("osgi.http.whiteboard.servlet.name");
                yield register();
            }
            case "getServiceReference" -> {
                looks.incrementAndGet();
                yield running ? reference() : null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private ServiceRegistration<?> register() {
        offered.incrementAndGet();
        if (offers.incrementAndGet() > missed) {
            servlet.init();
        }
        return proxy(ServiceRegistration.class, (self, unregister, none) -> {
            servlet.destroy();
            return offered.decrementAndGet();
        });
    }

    private static ServiceReference<?> reference() {
        return proxy(ServiceReference.class, (self, asked, none) -> null);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
