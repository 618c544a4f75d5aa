/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.http.HttpServlet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Beside a whiteboard that misses servlets, as Pax Web's does by chance while a web server comes up. */
@Timeout(120)
class ServletOfferTest {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final AtomicInteger offers = new AtomicInteger();
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private final BundleContext context = proxy(BundleContext.class, this::call);
    private final Taken servlet = new Taken();
    private final ServletOffer offer = new ServletOffer(context, servlet, Map.of());

    private volatile boolean running;
    private volatile int missed;

    /** A servlet that knows whether a web server has it. */
    private static final class Taken extends HttpServlet implements ServletOffer.Taken {

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
        offer.make(PAUSE);
        await().until(servlet::isTaken);
        assertEquals(4, offers.get());
        assertEquals(1, offered.get());
    }

    @Test
    void a_web_server_that_comes_later_is_asked_as_well() {
        missed = 1;
        offer.make(PAUSE);
        await().until(() -> looks.get() > 2);
        assertEquals(1, offers.get());
        running = true;
        await().until(servlet::isTaken);
        assertEquals(2, offers.get());
    }

    @Test
    void nothing_is_offered_any_more_once_it_is_withdrawn() {
        running = true;
        missed = Integer.MAX_VALUE;
        offer.make(PAUSE);
        await().until(() -> offers.get() > 2);
        offer.withdraw();
        int before = offers.get();
        assertEquals(0, offered.get());
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("peercred-webui")));
        assertEquals(before, offers.get());
    }

    private Object call(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "registerService" -> {
                offered.incrementAndGet();
                if (offers.incrementAndGet() > missed) {
                    servlet.init();
                }
                return proxy(ServiceRegistration.class, (registration, unregister, none) -> {
                    servlet.destroy();
                    return offered.decrementAndGet();
                });
            }
            case "getServiceReference" -> {
                looks.incrementAndGet();
                return running ? proxy(ServiceReference.class, (reference, asked, none) -> null) : null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
