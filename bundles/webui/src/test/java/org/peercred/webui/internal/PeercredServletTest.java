/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletRequestWrapper;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.webui.internal.metrics.FakeEngine;
import org.peercred.webui.internal.metrics.Sources;

/** Who is shown the metrics, and how they are sent. */
@Timeout(120)
class PeercredServletTest {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Sources sources = new FakeEngine().alone();
    private final PeercredServlet servlet = new PeercredServlet(() -> sources);
    private volatile String role = "";

    /** Gives every caller the role of the test, as a connector of Peercred's or a login would. */
    private final class Roles implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public boolean isUserInRole(String asked) {
                            return asked.equals(role);
                        }
                    },
                    response);
        }
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler();
        handler.addFilter(new FilterHolder(new Roles()), "/*", EnumSet.of(DispatcherType.REQUEST));
        handler.addServlet(new ServletHolder(servlet), "/peercred/metrics");
        server.setHandler(handler);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> ask(String method) throws Exception {
        URI uri = new URI("http", null, connector.getHost(), connector.getLocalPort(), "/peercred/metrics", null, null);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void a_viewer_is_shown_the_metrics_as_prometheus_wants_them() throws Exception {
        role = "viewer";
        HttpResponse<String> response = ask("GET");
        assertEquals(200, response.statusCode());
        assertEquals(
                List.of("text/plain;version=0.0.4;charset=utf-8"),
                response.headers().allValues("Content-Type").stream()
                        .map(type -> type.replace(" ", ""))
                        .toList());
        assertEquals(List.of("no-store"), response.headers().allValues("Cache-Control"));
        assertTrue(response.body().contains("\npeercred_engine_loops 2\n"), response.body());
        HttpResponse<String> head = ask("HEAD");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
    }

    @Test
    void whoever_has_another_role_or_none_is_refused() throws Exception {
        for (String other : List.of("", "admin", "manager", "Viewer")) {
            role = other;
            for (String method : List.of("GET", "HEAD")) {
                HttpResponse<String> response = ask(method);
                assertEquals(403, response.statusCode(), other);
                assertFalse(response.body().contains("peercred_"), response.body());
            }
        }
    }

    @Test
    void nothing_can_be_changed_by_it() throws Exception {
        role = "viewer";
        for (String method : List.of("POST", "PUT", "DELETE")) {
            assertEquals(405, ask(method).statusCode(), method);
        }
    }

    @Test
    void a_missing_service_is_named() throws Exception {
        role = "viewer";
        sources = new Sources(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        HttpResponse<String> response = ask("GET");
        assertEquals(503, response.statusCode());
        assertTrue(response.body().startsWith("The service ListenerDirectory is missing; "), response.body());
        sources = new FakeEngine().alone();
        assertEquals(200, ask("GET").statusCode());
    }

    @Test
    void knows_whether_a_web_server_has_it() throws Exception {
        role = "viewer";
        assertEquals(200, ask("GET").statusCode());
        assertTrue(servlet.isTaken());
        server.stop();
        assertFalse(servlet.isTaken());
    }
}
