/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelSession;
import org.peercred.testing.TestListener;

/** Bytes that come when a servlet has found none and does not wait yet. */
@Timeout(120)
class LateBytesTest {

    /** How many more reads find nothing before one is held up: Jetty looks twice. */
    private final AtomicInteger looks = new AtomicInteger(Integer.MAX_VALUE);

    private final AtomicInteger told = new AtomicInteger();
    private final CountDownLatch none = new CountDownLatch(1);
    private final Server server = new Server();
    private TestListener listener;

    /** Tells what it was sent. */
    private final class Reader extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            looks.set(2);
            byte[] sent = request.getInputStream().readAllBytes();
            response.setContentLength(sent.length);
            response.getOutputStream().write(sent);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler handler = new ServletContextHandler();
        handler.addServlet(new ServletHolder(new Reader()), "/");
        server.setHandler(handler);
        server.start();
        PeerConnector connector = new PeerConnector(
                server,
                channel -> new Caller(channel, uid -> "user"),
                List.of(new Admission(new Gatekeeper(() -> Optional.of(listener.access())))));
        server.addConnector(connector);
        connector.start();
        listener = TestListener.channels(channel -> counted(connector.open(slowToWait(channel))));
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        server.stop();
    }

    @Test
    void what_comes_between_a_look_and_the_wait_for_more_wakes_whoever_waits() throws Exception {
        try (Browser browser = new Browser(listener.path())) {
            // Jetty has a servlet called with the first bytes of the body.
            browser.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na");
            assertTrue(none.await(60, TimeUnit.SECONDS));
            browser.send("bc".getBytes(StandardCharsets.US_ASCII));
            Browser.Reply reply = browser.reply();
            assertEquals(200, reply.status());
            assertEquals("abc", reply.body());
        }
    }

    /** A channel of which a read that finds nothing returns only when there is something, and the session was told. */
    private ChannelConnection slowToWait(ChannelConnection channel) {
        return proxy(ChannelConnection.class, channel, (name, result) -> {
            if (name.equals("read") && result.equals(0) && looks.decrementAndGet() == 0) {
                int before = told.get();
                none.countDown();
                await().until(() -> told.get() > before);
            }
        });
    }

    private ChannelSession counted(ChannelSession session) {
        return proxy(ChannelSession.class, session, (name, result) -> {
            if (name.equals("readable")) {
                told.incrementAndGet();
            }
        });
    }

    private interface After {
        void call(String name, Object result);
    }

    private static <T> T proxy(Class<T> type, T real, After after) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        after.call(method.getName(), result);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
