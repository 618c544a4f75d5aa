/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.List;
import javax.servlet.ServletRequestEvent;
import javax.servlet.ServletRequestListener;
import javax.servlet.http.HttpServletRequest;
import javax.websocket.OnMessage;
import javax.websocket.Session;
import javax.websocket.server.ServerEndpoint;

/** A WebSocket that answers with what Karaf's realm made of the name and the password of its handshake, and what it makes of them now. */
@ServerEndpoint(Claim.PATH)
public final class Claim {

    static final String PATH = "/claim";

    /** What came along with the latest handshake. */
    private static volatile String header = "";

    /** What the realm made of it at that moment. */
    private static volatile List<String> atFirst = List.of();

    /** For the container. */
    public Claim() {}

    /** Sees the request that a client sends before it is a WebSocket. */
    static final class Handshake implements ServletRequestListener {

        @Override
        public void requestInitialized(ServletRequestEvent event) {
            HttpServletRequest request = (HttpServletRequest) event.getServletRequest();
            if (request.getRequestURI().equals(PATH)) {
                header = request.getHeader("Authorization");
                atFirst = RealmLogin.of(header);
            }
        }
    }

    @OnMessage
    public String answer(String text, Session session) {
        return session.getUserPrincipal().getName() + " was " + atFirst + " and is " + RealmLogin.of(header);
    }
}
