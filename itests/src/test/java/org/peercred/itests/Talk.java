/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.websocket.OnClose;
import javax.websocket.OnMessage;
import javax.websocket.OnOpen;
import javax.websocket.Session;
import javax.websocket.server.ServerEndpoint;

/** A WebSocket that answers with who has spoken. One of these serves all connections. */
@ServerEndpoint("/talk")
public final class Talk {

    /** Who has hung up, or was made to. */
    static final BlockingQueue<String> ENDED = new LinkedBlockingQueue<>();

    private static final String NAME = "name";

    /** For the container. */
    public Talk() {}

    @OnOpen
    public void begin(Session session) {
        session.getUserProperties()
                .put(
                        NAME,
                        session.getUserPrincipal() == null
                                ? "nobody"
                                : session.getUserPrincipal().getName());
    }

    @OnMessage
    public String answer(String text, Session session) {
        return session.getUserProperties().get(NAME) + " said " + text;
    }

    @OnClose
    public void end(Session session) {
        ENDED.add((String) session.getUserProperties().get(NAME));
    }
}
