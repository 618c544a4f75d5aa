/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.http.internal.Browser.Reply;

/** What is refused, and what a client hears of it that sends a large body all the while. */
@Timeout(240)
class RefusalTest {

    private static final int BODY = 30 << 20;

    @TempDir
    private Path directory;

    @AutoClose
    private final Web web = new Web();

    private Browser first;

    @BeforeEach
    void configure() {
        web.listener.configure("denied.message", "Ask the operators");
    }

    /** Everything that keeps a request from its application. */
    enum Cause {
        REQUEST(403, "Ask the operators\n"),
        CONNECTION(403, "Ask the operators\n"),
        LIMIT(503, "Too many connections\n");

        private final int status;
        private final String body;

        Cause(int status, String body) {
            this.status = status;
            this.body = body;
        }
    }

    /** Has the next client refused, until that is taken back. */
    private void refuse(Cause cause) throws IOException {
        switch (cause) {
            case REQUEST -> web.decideRequests(action -> false);
            case CONNECTION -> web.listener.access().denyAll();
            case LIMIT -> {
                first = web.browser();
                assertEquals(200, first.get("/x").status());
                web.listener.configure("max.connections", "1");
            }
        }
    }

    @AfterEach
    void takeBack() throws IOException {
        if (first != null) {
            first.close();
        }
        web.listener.access().allowAll();
        web.listener.configure("max.connections", "100");
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_sends_30_mb_whatever_happens_finds_the_answer_afterwards(Cause cause) throws Exception {
        refuse(cause);
        try (Browser browser = web.browser()) {
            int before = web.served.get();
            try {
                browser.send("POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n")
                        .send(new byte[BODY]);
            } catch (IOException e) {
                // It is cut off in the midst of it, with the answer waiting for it.
            }
            Reply reply = browser.reply();
            assertEquals(cause.status, reply.status());
            assertTrue(reply.head().contains("Connection: close"), reply.head());
            assertEquals(cause.body, reply.body());
            assertEquals(before, web.served.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void curl_shows_the_answer_to_an_upload_of_30_mb(Cause cause) throws Exception {
        assumeTrue(Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "curl"))));
        Path upload = directory.resolve("upload");
        try (RandomAccessFile file = new RandomAccessFile(upload.toFile(), "rw")) {
            file.setLength(BODY);
        }
        for (String expect : List.of("Expect:", "Expect: 100-continue")) {
            refuse(cause);
            assertEquals(cause.status + " " + cause.body, curl(upload, expect), expect);
            takeBack();
        }
    }

    /** The status and the body. */
    private String curl(Path upload, String header) throws Exception {
        Path output = directory.resolve("output");
        Path body = directory.resolve("body");
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "60"));
        command.addAll(List.of("--unix-socket", web.listener.path().toString(), "--header", header));
        command.addAll(List.of("--data-binary", "@" + upload, "--output", body.toString()));
        command.addAll(List.of("--write-out", "%{http_code} ", "http://localhost/closed"));
        Files.deleteIfExists(body);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "curl does not end");
        } finally {
            process.destroyForcibly();
        }
        String text = Files.exists(body) ? Files.readString(body) : "";
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8) + text;
    }

    @Test
    void nothing_is_requested_by_a_connection_that_is_about_to_be_ended_where_no_policy_decides_requests()
            throws Exception {
        AtomicBoolean letIn = new AtomicBoolean(true);
        web.listener.access().allow(request -> letIn.get());
        try (Browser browser = web.browser()) {
            assertEquals(200, browser.get("/x").status());
            // As when the rules that a listener requires are taken away, before its event loop has looked at its
            // connections again.
            letIn.set(false);
            Reply refused = browser.get("/x");
            assertEquals(403, refused.status());
            assertEquals("Ask the operators\n", refused.body());
        }
        assertEquals(1, web.served.get());
    }
}
