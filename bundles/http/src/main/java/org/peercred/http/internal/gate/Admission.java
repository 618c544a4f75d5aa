/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.jetty.PeerEndPoint;
import org.peercred.service.ChannelConnection;

/** Tells Jetty, for each request, who sends it, and has it refused where it may not be sent. */
public final class Admission implements HttpConfiguration.Customizer {

    private static final String ATTRIBUTES = "org.peercred.";

    private final Gatekeeper gatekeeper;

    /**
     * Creates an admission.
     *
     * @param gatekeeper decides
     */
    public Admission(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    @Override
    public void customize(Connector connector, HttpConfiguration configuration, Request request) {
        Caller caller = ((PeerEndPoint) request.getHttpChannel().getEndPoint()).caller();
        ChannelConnection connection = caller.connection();
        request.setSecure(true);
        request.setAuthentication(caller);
        request.setAttribute(ATTRIBUTES + "uid", connection.peer().uid());
        request.setAttribute(ATTRIBUTES + "gid", connection.peer().gid());
        connection.peer().pid().ifPresent(pid -> request.setAttribute(ATTRIBUTES + "pid", pid));
        request.setAttribute(ATTRIBUTES + "listener", connection.listener());
        request.setAttribute(ATTRIBUTES + "connection", connection.id());
        Optional<Gatekeeper.Refusal> refusal = gatekeeper.refusal(connection, request);
        if (refusal.isPresent()) {
            refuse(request, refusal.get());
        }
    }

    /** Nothing that the request brought is read: the connection ends with the reply. */
    static void refuse(Request request, Gatekeeper.Refusal refusal) {
        Response response = request.getResponse();
        byte[] body = (refusal.text().isEmpty() ? "" : refusal.text() + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(refusal.status());
        response.setContentType("text/plain;charset=utf-8");
        response.setContentLength(body.length);
        response.getHttpFields().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        request.setHandled(true);
        try {
            response.getOutputStream().write(body);
            response.closeOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
