/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes over a connection, in both directions. */
@Timeout(120)
class TransferTest {

    /** As many as Jetty has unless told otherwise. */
    private static final int MOST_THREADS = 200;

    @AutoClose
    private final Web web = new Web();

    @Test
    void many_requests_go_over_one_connection_also_when_they_come_at_once() throws Exception {
        try (Browser browser = web.browser()) {
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
        Awaitility.await().until(() -> web.connector.getConnectedEndPoints().isEmpty());
    }

    @Test
    void uploads_and_downloads_lose_no_byte() throws Exception {
        try (Browser browser = web.browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: " + Everything.LARGE + "\r\n\r\n")
                    .send(new byte[Everything.LARGE]);
            assertEquals(Integer.toString(Everything.LARGE), browser.reply().body());
            browser.send(
                    "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertEquals("5", browser.reply().body());
            browser.request("GET /large", "Connection: close");
            assertTrue(browser.head().startsWith("HTTP/1.1 200"));
            assertEquals(Everything.LARGE, browser.countRest());
        }
    }

    @Test
    void more_uploads_than_there_are_threads_come_to_their_end() throws Exception {
        List<Browser> browsers = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_THREADS + 30; i++) {
                browsers.add(web.browser().send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf"));
            }
            ThreadPool threads = web.server.getThreadPool();
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
            try (Browser browser = web.browser()) {
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
        try (Browser browser = web.browser()) {
            browser.send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertTrue(browser.head().startsWith("HTTP/1.1 100"));
            assertEquals("3", browser.send("abc").reply().body());
        }
    }
}
