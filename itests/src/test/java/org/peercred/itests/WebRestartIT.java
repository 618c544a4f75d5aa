/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The web server and what puts the socket into it come and go under open connections: none of them hangs, and nothing is left behind. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class WebRestartIT extends WebKaraf {

    private static final String READY = "/events/ready";

    @Test
    public void no_client_hangs_and_no_connector_is_left_behind() throws Exception {
        addRepository();
        console("feature:install peercred-http");
        // What is registered while a web server comes up, Pax Web may forget.
        awaitStatus(404, unix(), READY);
        ServiceRegistration<?> counted = publish(new Connectors(), "/connectors");
        ServiceRegistration<?> published = publish(new Events(), "/events/*");
        try {
            assertServed();
            restartContext();
            for (int i = 0; i < 3; i++) {
                changePort();
                stopOurs();
                stopWebServer();
            }
            rebind();
            replaceOurs(Bundle::update);
            replaceOurs(WebRestartIT::reinstall);
        } finally {
            published.unregister();
            counted.unregister();
        }
    }

    /** What somebody registers has the web server begin all that stands in the same context anew. */
    private void restartContext() throws Exception {
        Beginnings beginnings = new Beginnings();
        try (WebClient idle = WebClient.connect(unix())) {
            assertEquals(200, idle.get(READY).status());
            ServiceRegistration<?> registered = bundleContext.registerService(
                    "javax.servlet.ServletContextListener",
                    beginnings,
                    FrameworkUtil.asDictionary(Map.of("osgi.http.whiteboard.listener", "true")));
            try {
                assertTrue(beginnings.await(PATIENCE_SECONDS));
                assertServed();
                assertEquals(200, idle.get(READY).status());
            } finally {
                registered.unregister();
            }
        }
        assertServed();
    }

    /** The web server begins anew, with clients of the port and of the socket connected. */
    private void changePort() throws Exception {
        SocketAddress before = port();
        try (WebClient idle = WebClient.connect(unix());
                WebClient reader = Events.subscribe(unix());
                WebClient other = Events.subscribe(before)) {
            assertEquals(200, idle.get(READY).status());
            set("org.ops4j.pax.web", "org.osgi.service.http.port", Integer.toString(freePort()));
            idle.rest();
            reader.rest();
            other.rest();
        }
        assertServed();
        awaitStatus(0, before, READY);
    }

    /** Those who came by TCP notice nothing. */
    private void stopOurs() throws Exception {
        Bundle ours = bundle("org.peercred.http");
        try (WebClient idle = WebClient.connect(unix());
                WebClient reader = Events.subscribe(unix());
                WebClient other = Events.subscribe(port())) {
            assertEquals(200, idle.get(READY).status());
            ours.stop();
            idle.rest();
            reader.rest();
            Events.tell("more");
            assertEquals("more for null", Events.next(other));
            awaitStatus(503, unix(), READY);
            assertEquals("0", WebClient.get(port(), "/connectors").body());
            ours.start();
            assertServed();
            Events.tell("even more");
            assertEquals("even more for null", Events.next(other));
        }
    }

    private void stopWebServer() throws Exception {
        Bundle server = bundle("org.ops4j.pax.web.pax-web-jetty");
        try (WebClient idle = WebClient.connect(unix());
                WebClient reader = Events.subscribe(unix());
                WebClient other = Events.subscribe(port())) {
            assertEquals(200, idle.get(READY).status());
            server.stop();
            idle.rest();
            reader.rest();
            other.rest();
            awaitStatus(503, unix(), READY);
            server.start();
        }
        assertServed();
    }

    /** Who is connected stays, wherever the listener is found now. */
    private void rebind() throws Exception {
        Path file = etc().resolve("org.peercred.listener-http.cfg");
        String before = Files.readString(file, UTF_8);
        Path elsewhere = socketFile().resolveSibling("elsewhere.sock");
        try (WebClient idle = WebClient.connect(unix());
                WebClient reader = Events.subscribe(unix())) {
            assertEquals(200, idle.get(READY).status());
            EtcFile.write(file, before.replaceAll("(?m)^path = .*$", "path = " + elsewhere));
            awaitStatus(200, UnixDomainSocketAddress.of(elsewhere), READY);
            awaitGone(socketFile());
            assertEquals(200, idle.get(READY).status());
            Events.tell("moved");
            assertEquals("moved for " + user(), Events.next(reader));
            EtcFile.write(file, before);
            awaitStatus(200, unix(), READY);
            awaitGone(elsewhere);
            assertEquals(200, idle.get(READY).status());
        }
        assertServed();
    }

    private static void awaitGone(Path socket) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(socket));
    }

    private interface Replacement {
        void of(Bundle bundle) throws Exception;
    }

    private static void reinstall(Bundle bundle) throws Exception {
        BundleContext context = FrameworkUtil.getBundle(WebRestartIT.class).getBundleContext();
        bundle.uninstall();
        context.installBundle(bundle.getLocation()).start();
    }

    /** The bundle gets other code, with clients connected; those who came by TCP notice nothing. */
    private void replaceOurs(Replacement replacement) throws Exception {
        try (WebClient idle = WebClient.connect(unix());
                WebClient reader = Events.subscribe(unix());
                WebClient other = Events.subscribe(port())) {
            assertEquals(200, idle.get(READY).status());
            replacement.of(bundle("org.peercred.http"));
            idle.rest();
            reader.rest();
            assertServed();
            Events.tell("new");
            assertEquals("new for null", Events.next(other));
        }
    }

    private void assertServed() throws Exception {
        awaitStatus(200, port(), READY);
        awaitStatus(200, unix(), READY);
        awaitStatus(200, port(), "/connectors");
        assertEquals("1", WebClient.get(port(), "/connectors").body());
        ServiceReference<?>[] services = bundleContext.getAllServiceReferences(null, "(peercred.service=http)");
        assertEquals(1, services.length);
    }
}
