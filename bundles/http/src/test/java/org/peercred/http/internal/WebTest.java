/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.http.internal.Browser.Reply;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.testing.TestListener;

/** Jetty's applications over a real listener, with nothing of Jetty on TCP. */
@Timeout(120)
class WebTest {

    private static final int LARGE = 20 << 20;
    /** As many as Jetty has unless told otherwise. */
    private static final int MOST_THREADS = 200;

    private final Server server = new Server();
    private final AtomicInteger served = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile String name = "";
    private volatile Optional<AccessControl> control = Optional.empty();
    private PeerConnector connector;
    private TestListener listener;

    /** One servlet for all tests. */
    private final class Everything extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            served.incrementAndGet();
            switch (request.getServletPath()) {
                case "/who" ->
                    text(
                            response,
                            String.join(
                                    " ",
                                    List.of(
                                            request.getRemoteUser(),
                                            request.getUserPrincipal()
                                                    .getClass()
                                                    .getSimpleName(),
                                            request.getAuthType(),
                                            "" + request.isUserInRole("viewer"),
                                            "" + request.isSecure(),
                                            "[" + request.getRemoteAddr() + "]",
                                            "" + request.getAttribute("org.peercred.uid"),
                                            "" + request.getAttribute("org.peercred.listener"),
                                            request.getScheme())));
                case "/count" -> {
                    long count = 0;
                    byte[] bytes = new byte[100_000];
                    try (InputStream input = request.getInputStream()) {
                        for (int n = input.read(bytes); n >= 0; n = input.read(bytes)) {
                            count += n;
                        }
                    }
                    text(response, Long.toString(count));
                }
                case "/later" -> {
                    AsyncContext async = request.startAsync();
                    new Thread(() -> {
                                try {
                                    text(response, "later");
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                                async.complete();
                            })
                            .start();
                }
                case "/large" -> {
                    byte[] bytes = new byte[1 << 16];
                    for (int done = 0; done < LARGE; done += bytes.length) {
                        response.getOutputStream().write(bytes);
                    }
                }
                case "/events" -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                    response.setContentType("text/event-stream");
                    response.getOutputStream().print("data: one\n\n");
                    response.flushBuffer();
                }
                case "/wait" -> {
                    try {
                        goOn.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    text(response, "waited");
                }
                default -> text(response, request.getMethod() + " " + request.getServletPath());
            }
        }

        private void text(HttpServletResponse response, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
    }

    @BeforeEach
    void start() throws Exception {
        ServletContextHandler handler = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(new Everything());
        holder.setAsyncSupported(true);
        handler.addServlet(holder, "/");
        server.setHandler(handler);
        server.start();
        connector = new PeerConnector(
                server,
                channel -> new Caller(channel, uid -> name.isEmpty() ? "user" + uid : name),
                new Admission(new Gatekeeper(() -> control)));
        server.addConnector(connector);
        connector.start();
        listener = TestListener.channels(connector);
        control = Optional.of(listener.access());
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        listener.close();
        server.stop();
    }

    private Browser browser() throws IOException {
        return new Browser(listener.path());
    }

    private static long uid() throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    @Test
    void an_application_knows_its_caller_by_the_kernels_word_and_by_no_header() throws Exception {
        listener.grantRoles("viewer");
        String expected = "user" + uid() + " UserPrincipal PEERCRED true true [] " + uid() + " test http";
        try (Browser browser = browser()) {
            assertEquals(expected, browser.get("/who").body());
            assertEquals(
                    expected,
                    browser.get(
                                    "/who",
                                    "Authorization: Basic YWRtaW46YWRtaW4=",
                                    "X-Remote-User: root",
                                    "REMOTE_USER: root",
                                    "X-Forwarded-For: 1.2.3.4",
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-User: root",
                                    "Forwarded: for=1.2.3.4;proto=https",
                                    "Host: evil")
                            .body());
        }
    }

    @Test
    void roles_count_as_they_are_now_on_a_connection_that_is_kept() throws Exception {
        try (Browser browser = browser()) {
            assertTrue(browser.get("/who").body().contains(" false true "));
            listener.grantRoles("viewer");
            assertTrue(browser.get("/who").body().contains(" true true "));
            listener.grantRoles("editor");
            assertTrue(browser.get("/who").body().contains(" false true "));
        }
    }

    @Test
    void a_name_with_a_colon_is_given_as_the_number() throws Exception {
        name = "root:secret";
        try (Browser browser = browser()) {
            assertTrue(browser.get("/who").body().startsWith(uid() + " "));
        }
    }

    private void decideRequests(Predicate<String> rule) {
        decideRequests(AccessRequest.EVERY_HTTP, rule);
    }

    private void decideRequests(String covered, Predicate<String> rule) {
        PolicyScope scope = new PolicyScope(Set.of("test"), Set.of(covered));
        listener.access().show(new PolicyReport("http~web", scope, PolicyStatus.ACTIVE));
        listener.access()
                .allow(request -> request.action().equals(AccessRequest.CONNECT) || rule.test(request.action()));
    }

    @Test
    void a_policy_decides_each_request_before_the_application_sees_it() throws Exception {
        decideRequests("http:GET /open"::equals);
        try (Browser browser = browser()) {
            assertEquals("GET /open", browser.get("/open?query=1").body());
            Reply refused = browser.get("/closed");
            assertEquals(403, refused.status());
            assertEquals("Unauthorized access\n", refused.body());
            assertEquals("", browser.rest());
        }
        try (Browser browser = browser()) {
            assertEquals(403, browser.request("POST /open").reply().status());
        }
        assertEquals(1, served.get());
        AuditEvent event = listener.awaitEvent(AuditEvent.Type.COMMAND);
        assertEquals("http:GET /closed", event.action());
        assertEquals("denied", event.details().get(AuditEvent.RESULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "http:GET /closed"})
    void a_policy_that_covers_everything_or_a_single_request_has_each_request_decided(String covered) throws Exception {
        decideRequests(covered, "http:GET /open"::equals);
        try (Browser browser = browser()) {
            assertEquals("GET /open", browser.get("/open").body());
            assertEquals(403, browser.get("/closed").status());
        }
        assertEquals(1, served.get());
    }

    @Test
    void a_policy_of_connections_decides_no_request() throws Exception {
        decideRequests(AccessRequest.CONNECT, action -> false);
        try (Browser browser = browser()) {
            assertEquals("GET /open", browser.get("/open").body());
        }
    }

    @Test
    void who_is_refused_a_request_is_told_what_the_listener_tells_the_refused() throws Exception {
        decideRequests(action -> false);
        listener.configure("denied.message", "Ask the operators for access");
        try (Browser browser = browser()) {
            Reply refused = browser.get("/closed");
            assertEquals(403, refused.status());
            assertEquals("Ask the operators for access\n", refused.body());
            assertEquals("", browser.rest());
        }
    }

    @Test
    void a_change_of_a_policy_counts_for_the_next_request_of_an_open_connection() throws Exception {
        decideRequests(action -> true);
        try (Browser browser = browser()) {
            assertEquals(200, browser.get("/x").status());
            decideRequests(action -> false);
            assertEquals(403, browser.get("/x").status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open%2f..%2fclosed",
                "GET /open/..;/closed",
                "GET /open/../closed",
                "GET /open/%2e%2e/closed",
                "GET //open",
                "GET /open%252f",
                "GET /open%00",
                "GET /open;x=1",
                "GET /open\\x",
                "OPTIONS *",
                "CONNECT localhost:80",
                "GET http://other//open",
            })
    void a_target_with_two_readings_is_a_bad_request_where_a_policy_decides(String line) throws Exception {
        decideRequests(action -> true);
        try (Browser browser = browser()) {
            assertEquals("400", browser.request(line).rest().substring(9, 12));
        }
        assertEquals(0, served.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /open", "get /open", "TRACE /open", "GET /Open", "GET /open/", "GET http://other/x"})
    void a_request_is_decided_as_it_is(String line) throws Exception {
        decideRequests("http:GET /open"::equals);
        try (Browser browser = browser()) {
            String status = browser.request(line).rest().substring(9, 12);
            assertTrue(List.of("403", "400").contains(status), status);
        }
        assertEquals(0, served.get());
    }

    @Test
    void a_method_in_a_header_is_a_bad_request_where_a_policy_decides() throws Exception {
        decideRequests(action -> true);
        try (Browser browser = browser()) {
            assertEquals(
                    400, browser.get("/x", "X-HTTP-Method-Override: DELETE").status());
        }
    }

    @Test
    void a_refusal_reaches_a_client_that_sends_a_large_body() throws Exception {
        decideRequests(action -> false);
        try (Browser browser = browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE + "\r\n\r\n");
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    browser.send(new byte[4 << 20]);
                } catch (IOException e) {
                    // It was told, and cut off.
                }
            });
            assertEquals(403, browser.reply().status());
            sent.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void many_requests_go_over_one_connection_also_when_they_come_at_once() throws Exception {
        try (Browser browser = browser()) {
            for (int i = 0; i < 300; i++) {
                assertEquals("GET /p" + i, browser.get("/p" + i).body());
            }
            for (int i = 0; i < 50; i++) {
                browser.request("GET /q" + i);
            }
            for (int i = 0; i < 50; i++) {
                assertEquals("GET /q" + i, browser.reply().body());
            }
        }
        Awaitility.await().until(() -> connector.getConnectedEndPoints().isEmpty());
    }

    @Test
    void uploads_and_downloads_lose_no_byte() throws Exception {
        try (Browser browser = browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE + "\r\n\r\n")
                    .send(new byte[LARGE]);
            assertEquals(Integer.toString(LARGE), browser.reply().body());
            browser.send(
                    "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertEquals("5", browser.reply().body());
            browser.request("GET /large", "Connection: close");
            assertTrue(browser.head().startsWith("HTTP/1.1 200"));
            assertEquals(LARGE, browser.countRest());
        }
    }

    @Test
    void more_uploads_than_there_are_threads_come_to_their_end() throws Exception {
        List<Browser> browsers = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_THREADS + 30; i++) {
                browsers.add(browser().send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf"));
            }
            ThreadPool threads = server.getThreadPool();
            Awaitility.await().until(() -> threads.getThreads() == MOST_THREADS && threads.getIdleThreads() == 0);
            for (Browser browser : browsers) {
                browser.send("half");
            }
            for (Browser browser : browsers) {
                assertEquals("8", browser.reply().body());
            }
        } finally {
            for (Browser browser : browsers) {
                browser.close();
            }
        }
    }

    @Test
    void a_client_that_ends_its_side_with_the_request_sees_the_end_at_once() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Browser browser = browser()) {
                long before = System.nanoTime();
                browser.request("GET /later").halfClose();
                assertEquals("later", browser.reply().body());
                assertEquals("", browser.rest());
                assertTrue(
                        System.nanoTime() - before < TimeUnit.SECONDS.toNanos(20),
                        "it was over with Jetty's idle timeout only");
            }
        }
    }

    @Test
    void a_body_is_asked_for_where_the_client_waits_for_that() throws Exception {
        try (Browser browser = browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertTrue(browser.head().startsWith("HTTP/1.1 100"));
            assertEquals("3", browser.send("abc").reply().body());
        }
    }

    @Test
    void whoever_is_revoked_loses_the_connection_at_once_whatever_goes_on_there() throws Exception {
        try (Browser idle = browser();
                Browser events = browser();
                Browser upload = browser();
                Browser download = browser()) {
            assertEquals(200, idle.get("/x").status());
            events.request("GET /events");
            assertTrue(events.head().startsWith("HTTP/1.1 200"));
            upload.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            download.request("GET /large");
            assertTrue(download.head().startsWith("HTTP/1.1 200"));
            Awaitility.await().until(() -> served.get() == 4);
            listener.access().denyAll();
            assertFalse(idle.rest().contains("HTTP"));
            events.rest();
            upload.rest();
            assertTrue(download.countRest() < LARGE);
            Awaitility.await().until(() -> connector.getConnectedEndPoints().isEmpty());
        }
    }

    @Test
    void a_connector_that_stops_lets_nobody_hang() throws Exception {
        try (Browser idle = browser();
                Browser waiting = browser()) {
            assertEquals(200, idle.get("/x").status());
            waiting.request("GET /events");
            assertTrue(waiting.head().startsWith("HTTP/1.1 200"));
            connector.stop();
            assertEquals("", idle.rest());
            waiting.rest();
            try (Browser late = browser()) {
                assertFalse(late.rest().isEmpty(), "it is told that there is no service");
            }
        }
        assertEquals(Set.of(), Set.copyOf(connector.getConnectedEndPoints()));
    }

    @Test
    void clients_that_vanish_leave_nothing() throws Exception {
        for (int i = 0; i < 500; i++) {
            try (Browser browser = browser()) {
                switch (i % 5) {
                    case 0 -> browser.request("GET /x");
                    case 1 -> browser.send("GET /x HTT");
                    case 2 -> browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                    case 3 -> browser.request("GET /large");
                    default -> browser.halfClose();
                }
            }
        }
        Awaitility.await()
                .atMost(20, TimeUnit.SECONDS)
                .until(() -> connector.getConnectedEndPoints().isEmpty());
        try (Browser browser = browser()) {
            assertEquals("GET /x", browser.get("/x").body());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
                "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked, x\r\n\r\n0\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET /x HTTP/1.1\r\nHost: x\r\n folded: x\r\n\r\n",
                "GET /a\u0000b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
            })
    void what_two_parsers_could_read_differently_reaches_no_application(String bytes) throws Exception {
        try (Browser browser = browser()) {
            assertEquals("400", browser.send(bytes).rest().substring(9, 12));
        }
        assertEquals(0, served.get());
    }

    @Test
    void without_anybody_to_decide_no_application_is_reached() throws Exception {
        control = Optional.empty();
        try (Browser browser = browser()) {
            Reply reply = browser.get("/x");
            assertEquals(503, reply.status());
            assertTrue(reply.head().contains("Connection: close"), reply.head());
            assertEquals("", browser.rest());
        }
        assertEquals(0, served.get());
    }

    @Test
    void a_listener_ends_an_idle_connection_but_none_whose_application_is_at_work() throws Exception {
        try (Browser busy = browser();
                Browser idle = browser()) {
            busy.request("GET /wait");
            assertEquals(200, idle.get("/x").status());
            Awaitility.await().until(() -> served.get() == 2);
            listener.configure("idle.timeout", "300 ms");
            idle.rest();
            Awaitility.await().until(() -> connector.getConnectedEndPoints().size() == 1);
            Awaitility.await()
                    .during(600, TimeUnit.MILLISECONDS)
                    .until(() -> connector.getConnectedEndPoints().size() == 1);
            goOn.countDown();
            assertEquals("waited", busy.reply().body());
        }
    }

    @Test
    void nobody_waits_for_a_connection_that_a_listener_has_ended() throws Exception {
        try (Browser browser = browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
            Awaitility.await().until(() -> served.get() == 1);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(listener::close);
            assertThrows(IOException.class, browser::reply);
            closed.get(60, TimeUnit.SECONDS);
        }
        Awaitility.await().until(() -> connector.getConnectedEndPoints().isEmpty());
        assertEquals(
                1,
                listener.events().stream()
                        .filter(event -> event.type() == AuditEvent.Type.CLOSED)
                        .count());
    }
}
