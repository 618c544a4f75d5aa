/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.LoginException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.component.LifeCycle;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.gate.Admission;
import org.peercred.http.internal.gate.Gatekeeper;
import org.peercred.http.internal.jetty.PeerConnector;
import org.peercred.http.internal.token.TokenHeader;
import org.peercred.testing.TestListener;

/** A Jetty with one application that does what a test says, behind a real listener and on TCP, and Karaf's realms. */
final class TokenWeb implements AutoCloseable {

    final KarafRealms realms = new KarafRealms();
    final TestListener listener;
    final PeerConnector connector;
    /** What the application does; what it returns is the body. */
    volatile Application application = request -> "" + request.getHeader("Authorization");

    private final Server server = new Server();
    private final ServerConnector tcp = new ServerConnector(server);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile TestListener access;

    /** Serves requests. */
    @FunctionalInterface
    interface Application {
        /** Gives the body; {@code null} where another answers, or nobody yet. */
        String serve(HttpServletRequest request) throws Exception;
    }

    /** A name and a password, as applications find them. */
    record Credentials(String user, String password) {

        static Credentials of(HttpServletRequest request) {
            String header = request.getHeader("Authorization");
            String both =
                    new String(Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return new Credentials(both.substring(0, colon), both.substring(colon + 1));
        }

        String header() {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Authorization: Basic " + Base64.getEncoder().encodeToString(both);
        }
    }

    private final class Servlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String text;
            try {
                text = application.serve(request);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (text != null && !request.isAsyncStarted()) {
                write(response, text);
            }
        }
    }

    /** Gives an answer. */
    static void write(HttpServletResponse response, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** With the realm {@code karaf}, whose module knows passwords, and which takes tokens. */
    TokenWeb() {
        ServletContextHandler handler = new ServletContextHandler();
        ServletHolder holder = new ServletHolder(new Servlet());
        holder.setAsyncSupported(true);
        handler.addServlet(holder, "/");
        server.setHandler(handler);
        tcp.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(tcp);
        LifeCycle.start(server);
        TokenHeader header = new TokenHeader(realms.login);
        connector = new PeerConnector(
                server,
                channel -> new Caller(channel, uid -> "alice"),
                List.of(new Admission(new Gatekeeper(() -> Optional.of(access.access()))), header));
        connector.addBean(header);
        server.addConnector(connector);
        LifeCycle.start(connector);
        listener = TestListener.channels(connector, "protocol", "http");
        access = listener;
        realms.register(new KarafRealms.Realm("karaf", 0, LoginModuleControlFlag.OPTIONAL));
        realms.access.activate();
        realms.configure("karaf");
    }

    Browser browser() throws IOException {
        return new Browser(listener.path());
    }

    Browser browserOnTcp() throws IOException {
        return new Browser(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
    }

    /** The body of a good answer. */
    String get(String path, String... headers) throws IOException {
        try (Browser browser = browser()) {
            Browser.Reply reply = browser.get(path, headers);
            assertEquals(200, reply.status(), reply.head());
            return reply.body();
        }
    }

    /** Has a request begin, and gives what the application finds in it. It lasts until all ends. */
    Credentials begin(Browser browser) throws Exception {
        CompletableFuture<Credentials> found = new CompletableFuture<>();
        application = request -> {
            found.complete(Credentials.of(request));
            end.get(60, TimeUnit.SECONDS);
            return "end";
        };
        browser.request("GET /begin");
        return found.get(60, TimeUnit.SECONDS);
    }

    /** Whether the realm {@code karaf} lets somebody in, by a token or another password. */
    boolean isTaken(String user, String password) {
        try {
            realms.login("karaf", user, password);
            return true;
        } catch (LoginException e) {
            return false;
        }
    }

    boolean isTaken(Credentials credentials) {
        return isTaken(credentials.user(), credentials.password());
    }

    /** Waits until no request has a token any more. */
    void awaitNoToken() {
        Awaitility.await().until(() -> realms.login.tokens().count() == 0);
    }

    @Override
    public void close() {
        end.complete(null);
        listener.close();
        LifeCycle.stop(server);
    }
}
