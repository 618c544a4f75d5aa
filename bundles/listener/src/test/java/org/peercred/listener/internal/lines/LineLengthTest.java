/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Echo;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.LineService;

@Timeout(120)
class LineLengthTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 4095, 4096, 4097, 65534, 65535, 65536, 65537, 131072, 1 << 20})
    void passes_the_longest_line_and_refuses_one_byte_more(int longest) throws Exception {
        for (LineService service : List.of(Server.ECHO, Server.ECHO_BY_LINE)) {
            passesTheLongestLineAndRefusesOneByteMore(service, longest);
        }
    }

    private static void passesTheLongestLineAndRefusesOneByteMore(LineService service, int longest) throws Exception {
        try (Server server = new Server("max.line.length", Integer.toString(longest))) {
            server.offer(service);
            byte[] line = "x".repeat(longest).concat("\n").getBytes(StandardCharsets.US_ASCII);
            try (Client client = server.connect()) {
                assertArrayEquals(Echo.of(line), client.send(line).receive(line.length + 2));
            }
            try (Client client = server.connect()) {
                client.send("x").send(line);
                assertEquals("Line too long\n", client.restText());
            }
        }
    }

    @Test
    void refuses_a_line_that_is_never_ended() throws Exception {
        try (Server server = new Server("max.line.length", "100");
                Client client = server.connect()) {
            client.send("x".repeat(101));
            assertEquals("Line too long\n", client.restText());
        }
    }

    @Test
    void waits_for_the_end_of_a_line_that_may_still_be_short_enough() throws Exception {
        try (Server server = new Server("max.line.length", "100");
                Client client = server.connect()) {
            client.send("x".repeat(100));
            Awaitility.await()
                    .until(() -> server.listener
                                    .report("", true, java.util.Optional.empty())
                                    .counters()
                                    .received()
                            == 100);
            assertEquals("> " + "x".repeat(100) + "\n", client.send("\n").receiveText(103));
        }
    }

    @Test
    void sends_earlier_replies_before_the_complaint() throws Exception {
        try (Server server = new Server("max.line.length", "10");
                Client client = server.connect()) {
            client.send("one\ntwo\n" + "x".repeat(11));
            assertEquals("> one\n> two\nLine too long\n", client.restText());
        }
    }

    @Test
    void ends_cleanly_for_a_client_that_goes_on_sending() throws Exception {
        try (Server server = new Server("max.line.length", "10");
                Client client = server.connect()) {
            client.sendAsMuchAsPossible("x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
            assertEquals("Line too long\n", client.restText());
        }
    }

    @Test
    void audits_it() throws Exception {
        try (Server server = new Server("max.line.length", "10");
                Client client = server.connect()) {
            client.send("x".repeat(11)).rest();
            Awaitility.await().until(() -> server.lines().stream()
                    .anyMatch(line -> line.startsWith("event=limited listener=test ")
                            && line.contains("reason=\"Line too long\"")));
            assertEquals(1, server.events(AuditEvent.Type.LIMITED).size());
        }
    }

    @Test
    void a_shorter_limit_counts_for_open_connections_too() throws Exception {
        try (Server server = new Server("max.line.length", "100");
                Client client = server.connect()) {
            client.send("x".repeat(50)).send("\n").receive(53);
            server.configure("max.line.length", "10");
            assertEquals("> short", client.ask("short"));
            assertEquals("Line too long\n", client.send("x".repeat(11) + "\n").restText());
        }
    }
}
