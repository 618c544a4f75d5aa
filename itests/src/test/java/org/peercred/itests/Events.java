/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Server-sent events below {@code /events}, at the moment when a test sends them. No thread waits for them meanwhile; what is below the path answers at once. */
final class Events extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final long PATIENCE_SECONDS = 60;

    private static final List<AsyncContext> SUBSCRIBERS = new CopyOnWriteArrayList<>();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getPathInfo() != null) {
            return;
        }
        AsyncContext subscriber = request.startAsync();
        subscriber.setTimeout(0);
        response.setContentType("text/event-stream");
        response.flushBuffer();
        // No sooner: two threads would write at once, which the web server takes for the connection's end.
        SUBSCRIBERS.add(subscriber);
    }

    /** A client that has the head of the answer, and waits for events. */
    static WebClient subscribe(SocketAddress address) throws IOException {
        int before = subscribers();
        WebClient client = WebClient.connect(address);
        client.send("GET", "/events", "");
        String head = client.until("\r\n\r\n");
        assertTrue(head, head.startsWith("HTTP/1.1 200 "));
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> subscribers() > before);
        return client;
    }

    /** What the next event says. */
    static String next(WebClient client) throws IOException {
        client.until("data: ");
        return client.until("\n\n").strip();
    }

    /** Tells all subscribers, and forgets those who are gone. */
    static void tell(String event) {
        SUBSCRIBERS.removeIf(subscriber -> !isTold(subscriber, event));
    }

    private static boolean isTold(AsyncContext subscriber, String event) {
        try {
            HttpServletRequest request = (HttpServletRequest) subscriber.getRequest();
            PrintWriter writer = subscriber.getResponse().getWriter();
            writer.print("data: " + event + " for " + request.getRemoteUser() + "\n\n");
            return !writer.checkError();
        } catch (IOException | IllegalStateException e) {
            // The web server has ended it.
            return false;
        }
    }

    static int subscribers() {
        return SUBSCRIBERS.size();
    }
}
