/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.StreamConnection;

@Timeout(120)
class FakeStreamConnectionTest {

    private final FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));

    /** Answers each line with itself in capitals. */
    private static void shout(StreamConnection connection) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            connection.output().write((line.toUpperCase(Locale.ROOT) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void hands_over_what_was_sent_before_on_the_tests_own_thread() throws IOException {
        shout(connection.send("a\nbä\n").halfClose());
        assertEquals("A\nBÄ\n", connection.received());
    }

    @Test
    void hands_over_as_much_as_there_is() throws IOException {
        byte[] much = new byte[5_000_000];
        Arrays.fill(much, (byte) 'x');
        connection.send(much).halfClose();
        connection.input().transferTo(connection.output());
        assertEquals(much.length, connection.received().length());
    }

    @Test
    void lets_client_and_service_talk() {
        CompletableFuture<Void> served = connection.serve(FakeStreamConnectionTest::shout);
        connection.send("one\n");
        assertEquals("ONE", connection.line());
        connection.send("tw");
        connection.send("o\nthree\n");
        assertEquals("TWO", connection.line());
        assertEquals("THREE", connection.line());
        assertFalse(served.isDone());
        connection.halfClose();
        served.join();
        assertThrows(AssertionError.class, connection::line);
        assertThrows(IllegalStateException.class, () -> connection.serve(FakeStreamConnectionTest::shout));
    }

    @Test
    void ends_a_service_that_reads_with_an_exception_and_an_interrupt() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<Void> served = connection.serve(served1 -> {
            try {
                served1.output().write('!');
                served1.output().write('\n');
                served1.input().read();
            } finally {
                interrupted.set(Thread.interrupted());
            }
        });
        assertEquals("!", connection.line());
        connection.disconnect();
        CompletionException failure = assertThrows(CompletionException.class, served::join);
        assertTrue(failure.getCause() instanceof IOException);
        assertTrue(interrupted.get());
        assertThrows(IOException.class, () -> connection.output().write(1));
        assertThrows(IOException.class, () -> connection.input().read());
        assertTrue(connection.peer().groups().value().isEmpty());
    }

    @Test
    void tells_the_end_of_what_the_client_sends_from_the_end_of_the_connection() throws IOException {
        connection.send("a").halfClose();
        assertEquals(1, connection.input().available());
        assertEquals('a', connection.input().read());
        assertEquals(-1, connection.input().read());
        assertEquals(0, connection.input().read(new byte[0]));
        connection.disconnect();
        assertThrows(IOException.class, () -> connection.input().read());
    }

    @Test
    void hands_on_what_the_service_throws() {
        CompletableFuture<Void> served = connection.serve(served1 -> {
            throw new IllegalStateException("a test of throwing");
        });
        CompletionException failure = assertThrows(CompletionException.class, served::join);
        assertEquals("a test of throwing", failure.getCause().getMessage());
        assertThrows(AssertionError.class, connection::line);
    }
}
