/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.service.LineSession;
import org.peercred.service.PeerConnection;
import org.peercred.testing.FakeReplies;
import org.peercred.testing.LineDriver;

@Timeout(120)
class EchoServiceTest {

    private final EchoService service = new EchoService();
    private final LineSession session = service.open(untouched());

    /** A connection that the echo service has no reason to look at. */
    private static PeerConnection untouched() {
        return (PeerConnection) Proxy.newProxyInstance(
                EchoServiceTest.class.getClassLoader(), new Class<?>[] {PeerConnection.class}, (self, method, args) -> {
                    throw new AssertionError("The echo service asks for " + method.getName());
                });
    }

    @Test
    void answers_a_line_with_itself_behind_the_prefix() {
        configure(Map.of());
        assertEquals("> this is a line\n", echo("this is a line"));
        assertEquals("> \n", echo(""));
        assertEquals("> with a return\r\n", echo("with a return\r"));
    }

    @Test
    void answers_several_lines_at_once_in_the_same_way() {
        configure(Map.of("prefix", "# "));
        LineDriver driver = LineDriver.open(service, untouched());
        assertEquals("# a\n# \n# b\n", driver.askAll("a\n\nb\n"));
        FakeReplies narrow = new FakeReplies(1);
        assertEquals(1, service.lines(ByteBuffer.wrap("a\nb\n".getBytes(StandardCharsets.UTF_8)), narrow));
        assertEquals("# a\n", narrow.text());
    }

    @Test
    void passes_every_byte_unchanged() {
        configure(Map.of("prefix", ""));
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        byte[] expected = Arrays.copyOf(all, 257);
        expected[256] = '\n';
        assertArrayEquals(expected, echo(all));
    }

    @Test
    void a_new_prefix_counts_for_open_connections_at_once() {
        configure(Map.of());
        assertEquals("> x\n", echo("x"));
        configure(Map.of("prefix", "# "));
        assertEquals("# x\n", echo("x"));
        configure(Map.of());
        assertEquals("> x\n", echo("x"));
    }

    @Test
    void a_prefix_is_taken_as_it_is_typed() {
        configure(Map.of("prefix", "  äß€ "));
        assertEquals("  äß€ x\n", echo("x"));
        configure(Map.of("prefix", ""));
        assertEquals("x\n", echo("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "\n"})
    void a_prefix_of_several_lines_leaves_the_one_before_in_force(String bad) {
        configure(Map.of("prefix", "good "));
        configure(Map.of("prefix", bad));
        assertEquals("good x\n", echo("x"));
    }

    @Test
    void a_prefix_that_is_too_long_or_no_text_leaves_the_one_before_in_force() {
        configure(Map.of("prefix", "x".repeat(1024)));
        assertEquals("x".repeat(1024) + "y\n", echo("y"));
        configure(Map.of("prefix", "x".repeat(1025)));
        assertEquals("x".repeat(1024) + "y\n", echo("y"));
        configure(Map.of("prefix", "é".repeat(600)));
        assertEquals("x".repeat(1024) + "y\n", echo("y"));
        configure(Map.of("prefix", new String[] {"a", "b"}));
        assertEquals("x".repeat(1024) + "y\n", echo("y"));
    }

    @Test
    void a_bad_prefix_at_first_leaves_the_default() {
        configure(Map.of("prefix", "a\nb"));
        assertEquals("> x\n", echo("x"));
    }

    @Test
    void needs_no_memory_for_a_connection() {
        assertSame(session, service.open(untouched()));
    }

    private void configure(Map<String, ?> keys) {
        Map<String, Object> properties = new HashMap<>(keys);
        properties.put("service.pid", EchoService.PID);
        properties.put("peercred.service", "echo");
        service.configure(properties);
    }

    private String echo(String line) {
        return new String(echo(line.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private byte[] echo(byte[] line) {
        FakeReplies replies = new FakeReplies();
        session.line(ByteBuffer.wrap(line), replies);
        assertFalse(replies.ended());
        return replies.over().whole().join();
    }
}
