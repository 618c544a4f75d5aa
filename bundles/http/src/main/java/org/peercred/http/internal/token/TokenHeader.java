/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.token;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.peercred.http.internal.jetty.PeerEndPoint;

/**
 * Gives each request that was admitted a token of its own, where the application looks for a name and a password (RFC 7617), and takes it back
 * when the request is over or its connection is, whichever comes first. Stands behind what refuses requests. Safe to be used by any thread.
 */
public final class TokenHeader implements HttpConfiguration.Customizer, HttpChannel.Listener, Connection.Listener {

    private static final String TRACE = "TRACE";

    private final TokenLogin login;

    /**
     * Gives none before somebody wants them.
     *
     * @param login knows whether requests are to have a token
     */
    public TokenHeader(TokenLogin login) {
        this.login = login;
    }

    /** What the client has sent in its place is taken away, also where there is no token to be had. */
    @Override
    public void customize(Connector connector, HttpConfiguration configuration, Request request) {
        if (!login.isWanted()) {
            return;
        }
        HttpFields headers = request.getHttpFields();
        headers.remove(HttpHeader.AUTHORIZATION);
        // Servlets answer TRACE with the headers that they see, unless they say otherwise.
        if (!TRACE.equalsIgnoreCase(request.getMethod()) && login.isThere()) {
            headers.put(HttpHeader.AUTHORIZATION, credentials((PeerEndPoint)
                    request.getHttpChannel().getEndPoint()));
        }
    }

    private String credentials(PeerEndPoint endPoint) {
        String user = endPoint.caller().getUserPrincipal().getName();
        String both = user + ":" + login.tokens().issue(endPoint);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onComplete(Request request) {
        login.tokens().end(request.getHttpChannel().getEndPoint());
    }

    @Override
    public void onOpened(Connection connection) {
        // It has no request yet.
    }

    @Override
    public void onClosed(Connection connection) {
        login.tokens().end(connection.getEndPoint());
    }
}
