/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
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
import org.peercred.common.inspect.Services;
import org.peercred.common.testing.FakeContext;
import org.peercred.webui.internal.events.EventStreams;
import org.peercred.webui.internal.history.History;
import org.peercred.webui.internal.page.Page;
import org.peercred.webui.internal.page.Tokens;

/** The servlet in a web server, and who asks it. */
public final class Web {

    /** What is there to be shown. */
    public final FakeContext services = new FakeContext();

    /** What is drawn. */
    public final History history = new History();

    /** The roles of whoever asks. */
    public volatile Set<String> roles = Set.of("viewer");

    /** Who asks. */
    public volatile String user = "alice";

    final PeercredServlet servlet;

    private final EventStreams streams;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();

    /** Says who is calling, as a connector of Peercred's or a login would. */
    private final class Identity implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public boolean isUserInRole(String asked) {
                            return roles.contains(asked);
                        }

                        @Override
                        public String getRemoteUser() {
                            return user;
                        }
                    },
                    response);
        }
    }

    /** Starts it. */
    public Web() throws Exception {
        Supplier<Services> found = () -> new Services(services.asContext());
        streams = new EventStreams(found);
        Page page = new Page(found, history, streams);
        servlet = new PeercredServlet(found, page);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler();
        FilterHolder identity = new FilterHolder(new Identity());
        identity.setAsyncSupported(true);
        handler.addFilter(identity, "/*", EnumSet.of(DispatcherType.REQUEST));
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        handler.addServlet(holder, "/peercred/*");
        ServletHolder console = new ServletHolder(new ConsolePlugin(page));
        // As that of the web console.
        console.setAsyncSupported(false);
        handler.addServlet(console, "/system/console/*");
        server.setHandler(handler);
        server.start();
    }

    /** A request to be added to. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + authority() + path))
                .timeout(Duration.ofSeconds(60));
    }

    /** Where it is. */
    public String authority() {
        return connector.getHost() + ":" + connector.getLocalPort();
    }

    /** Sends a request. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Looks at something. */
    public HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    /** Looks at something, as long as it goes on. */
    public HttpResponse<InputStream> open(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofInputStream());
    }

    /** Posts a form with the token that this user's page has. */
    public HttpResponse<String> post(String path, String form) throws Exception {
        String overview = get("/peercred/api/overview").body();
        String token = overview.replaceFirst("(?s).*\"token\":\"([^\"]*)\".*", "$1");
        return send(form(path, form).header(Tokens.HEADER, token));
    }

    /** A form to be added to. */
    public HttpRequest.Builder form(String path, String form) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    /** Ends all streams, as the bundle does when it is stopped. */
    public void closeStreams() {
        streams.close();
    }

    /** Stops the web server. */
    public void stop() throws Exception {
        server.stop();
    }

    /** Ends all of it. */
    public void close() throws Exception {
        streams.close();
        server.stop();
    }
}
