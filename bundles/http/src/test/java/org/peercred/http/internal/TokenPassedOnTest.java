/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncContext;
import javax.servlet.DispatcherType;
import javax.servlet.RequestDispatcher;
import javax.servlet.http.HttpServletRequest;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.http.internal.TokenWeb.Credentials;

/** What the token of a request is worth where another servlet answers it in the end, or another protocol goes on by its connection. */
@Timeout(120)
class TokenPassedOnTest {

    private static final int PATIENCE_SECONDS = 60;

    private final CompletableFuture<Credentials> first = new CompletableFuture<>();
    private TokenWeb web;
    private KarafRealms realms;

    @BeforeEach
    void start() throws Exception {
        web = new TokenWeb();
        realms = web.realms;
        realms.configure("karaf");
    }

    @AfterEach
    void stop() throws Exception {
        web.close();
    }

    private static Request base(HttpServletRequest request) {
        return Objects.requireNonNull(Request.getBaseRequest(request));
    }

    /** How one servlet has another answer. */
    enum Way {
        FORWARD(DispatcherType.FORWARD),
        INCLUDE(DispatcherType.INCLUDE),
        ASYNC_DISPATCH(DispatcherType.ASYNC),
        ASYNC_DISPATCH_BY_ANOTHER_THREAD(DispatcherType.ASYNC);

        private final DispatcherType type;

        Way(DispatcherType type) {
            this.type = type;
        }

        void pass(HttpServletRequest request) throws Exception {
            RequestDispatcher other = request.getRequestDispatcher("/other");
            Response response = base(request).getResponse();
            switch (this) {
                case FORWARD -> other.forward(request, response);
                case INCLUDE -> other.include(request, response);
                case ASYNC_DISPATCH -> request.startAsync().dispatch("/other");
                case ASYNC_DISPATCH_BY_ANOTHER_THREAD -> {
                    AsyncContext async = request.startAsync();
                    new Thread(() -> async.dispatch("/other")).start();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_answers_in_the_end_finds_the_same_token_and_the_same_caller(Way way) throws Exception {
        web.listener.grantRoles("viewer");
        web.application = request -> {
            if (first.complete(Credentials.of(request))) {
                way.pass(request);
                return null;
            }
            Credentials found = Credentials.of(request);
            return List.of(
                            request.getDispatcherType(),
                            found.equals(first.join()),
                            web.isTaken(found),
                            request.getRemoteUser(),
                            request.getAuthType(),
                            request.isUserInRole("viewer"),
                            request.isUserInRole("admin"))
                    .toString();
        };
        assertEquals("[" + way.type + ", true, true, alice, PEERCRED, true, false]", web.get("/first"));
        web.awaitNoToken();
        assertFalse(web.isTaken(first.join()));
    }

    @Test
    void whoever_answers_later_finds_the_roles_of_that_moment() throws Exception {
        web.listener.grantRoles("viewer", "admin");
        web.application = request -> {
            if (first.complete(Credentials.of(request))) {
                AsyncContext async = request.startAsync();
                web.listener.grantRoles("viewer");
                async.dispatch("/other");
                return null;
            }
            return request.isUserInRole("viewer") + " " + request.isUserInRole("admin") + " "
                    + realms.login("karaf", first.join().user(), first.join().password())
                            .getSubject()
                            .getPrincipals()
                            .size();
        };
        assertEquals("true false 2", web.get("/first"));
    }

    @Test
    void whoever_answers_after_the_connection_has_ended_finds_a_token_that_is_worth_nothing() throws Exception {
        CompletableFuture<AsyncContext> begun = new CompletableFuture<>();
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        web.application = request -> {
            if (first.complete(Credentials.of(request))) {
                begun.complete(request.startAsync());
            } else {
                taken.complete(web.isTaken(Credentials.of(request)));
            }
            return null;
        };
        try (Browser browser = web.browser()) {
            browser.request("GET /first");
            AsyncContext async = begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertTrue(web.isTaken(first.join()));
            web.listener.access().denyAll();
            web.awaitNoToken();
            async.dispatch("/other");
            assertFalse(taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, realms.login.tokens().count());
        }
    }

    @Test
    void a_token_ends_where_another_protocol_goes_on_by_the_connection_of_its_request() throws Exception {
        web.application = request -> {
            Credentials found = Credentials.of(request);
            Request base = base(request);
            Response response = base.getResponse();
            response.setStatus(101);
            response.setHeader("Connection", "Upgrade");
            response.setHeader("Upgrade", "other");
            response.setHeader("Taken", Boolean.toString(web.isTaken(found)));
            base.setAttribute(
                    HttpConnection.UPGRADE_CONNECTION_ATTRIBUTE,
                    new Other(
                            base.getHttpChannel().getEndPoint(),
                            base.getHttpChannel().getConnector().getExecutor(),
                            found));
            return null;
        };
        try (Browser browser = web.browser()) {
            String head = browser.request("GET /first", "Connection: Upgrade", "Upgrade: other")
                    .head();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("\r\nTaken: true\r\n"), head);
            for (int i = 0; i < 2; i++) {
                assertEquals("false", browser.send("?").receive("false".length()));
            }
            assertEquals(0, realms.login.tokens().count());
            web.listener.access().denyAll();
            assertEquals("", browser.rest());
        }
    }

    /** Another protocol, as a WebSocket is: whatever comes, it answers with whether the token of the request before it is taken. */
    private final class Other extends AbstractConnection {

        private final Credentials found;

        Other(EndPoint endPoint, Executor executor, Credentials found) {
            super(endPoint, executor);
            this.found = found;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            ByteBuffer received = BufferUtil.allocate(1);
            try {
                int count = getEndPoint().fill(received);
                if (count > 0) {
                    byte[] answer = Boolean.toString(web.isTaken(found)).getBytes(US_ASCII);
                    getEndPoint().flush(ByteBuffer.wrap(answer));
                }
                if (count < 0) {
                    close();
                } else {
                    fillInterested();
                }
            } catch (IOException e) {
                close();
            }
        }
    }
}
