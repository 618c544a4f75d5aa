/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.Replies;

@Timeout(120)
class LineDriverTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static LineDriver open(LineSession session) {
        return LineDriver.open(connection -> session, 1001);
    }

    @Test
    void gives_lines_and_takes_answers() {
        LineDriver driver = open((line, replies) ->
                replies.put((byte) '<').put(line).put(bytes(">")).put(bytes("\n")));
        assertEquals("<grüße>\n", driver.ask("grüße"));
        assertEquals("<>\n", driver.ask(""));
        assertEquals("<a\r>\n<>\n", driver.askAll("a\r\n\n"));
    }

    @Test
    void waits_for_what_is_deferred_and_sends_nothing_meanwhile() {
        List<Replies.Deferred> owed = new ArrayList<>();
        LineDriver driver =
                open((line, replies) -> owed.add(replies.put(bytes("first ")).defer()));
        CompletableFuture<String> answer = driver.send("x");
        assertFalse(answer.isDone());
        assertThrows(IllegalStateException.class, () -> driver.send("y"));
        CompletableFuture.runAsync(() -> {
                    assertTrue(owed.get(0).reserve(10));
                    assertFalse(owed.get(0).reserve(-1));
                    owed.get(0).complete(bytes("last"));
                    owed.get(0).complete(bytes("again"));
                    assertFalse(owed.get(0).reserve(10));
                })
                .join();
        assertEquals("first last", answer.join());
        assertFalse(driver.send("y").isDone());
        assertEquals(2, owed.size());
    }

    @Test
    void lets_the_service_end_the_connection() {
        LineDriver driver = open((line, replies) -> replies.put(bytes("bye")).end());
        assertFalse(driver.ended());
        assertEquals("bye", driver.ask("x"));
        assertTrue(driver.ended());
        assertThrows(IllegalStateException.class, () -> driver.ask("y"));
    }

    @Test
    void ends_the_connection_once() {
        AtomicInteger ends = new AtomicInteger();
        FakePeer peer = FakePeer.of(1001);
        LineService service = connection -> new LineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {}

            @Override
            public void closed() {
                // A service may still look at its peer.
                assertTrue(peer.groups().value().isPresent());
                ends.incrementAndGet();
            }
        };
        LineDriver driver = LineDriver.open(service, new FakeConnection(peer));
        driver.disconnect();
        driver.disconnect();
        assertEquals(1, ends.get());
        assertTrue(peer.securityLabel().absence().contains("closed"));
        assertThrows(IllegalStateException.class, () -> driver.ask("x"));
    }

    @Test
    void nobody_can_look_at_a_line_or_answer_it_after_the_call() {
        List<ByteBuffer> kept = new ArrayList<>();
        List<Replies> late = new ArrayList<>();
        LineDriver driver = open((line, replies) -> {
            kept.add(line.duplicate());
            late.add(replies);
        });
        driver.ask("secret");
        assertNotEquals('s', kept.get(0).get(0));
        assertThrows(IllegalStateException.class, () -> late.get(0).put(bytes("x")));
        assertThrows(IllegalStateException.class, () -> late.get(0).defer());
        assertThrows(IllegalStateException.class, () -> late.get(0).end());
    }

    @Test
    void answers_are_put_on_the_loop() {
        LineDriver driver = open((line, replies) -> CompletableFuture.runAsync(
                        () -> assertThrows(IllegalStateException.class, () -> replies.put((byte) 'x')))
                .join());
        assertEquals("", driver.ask("x"));
        CompletableFuture.runAsync(() -> assertThrows(IllegalStateException.class, () -> driver.send("x")))
                .join();
    }

    /** Takes two lines at a time. */
    private static final class Pairs implements BatchLineSession {
        @Override
        public void line(ByteBuffer line, Replies replies) {
            replies.put(bytes("one:")).put(line).put(bytes("\n"));
        }

        @Override
        public int lines(ByteBuffer lines, Replies replies) {
            int count = 0;
            while (count < 2 && lines.hasRemaining()) {
                byte next;
                do {
                    next = lines.get();
                    replies.put(next);
                } while (next != '\n');
                count++;
            }
            replies.put(bytes(count + ";"));
            return count;
        }
    }

    @Test
    void gives_a_batch_session_what_it_left_again() {
        LineDriver driver = open(new Pairs());
        assertEquals("a\nb\n2;c\n1;", driver.askAll("a\nb\nc\n"));
        assertEquals("one:a\n", driver.ask("a"));
    }

    @Test
    void complains_about_a_batch_session_that_counts_wrongly() {
        for (int wrong : new int[] {0, 1, 3}) {
            LineDriver driver = open(new BatchLineSession() {
                @Override
                public void line(ByteBuffer line, Replies replies) {}

                @Override
                public int lines(ByteBuffer lines, Replies replies) {
                    lines.position(lines.limit());
                    return wrong;
                }
            });
            assertThrows(AssertionError.class, () -> driver.askAll("a\nb\n"));
        }
        LineDriver lazy = open(new BatchLineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {}

            @Override
            public int lines(ByteBuffer lines, Replies replies) {
                return 0;
            }
        });
        assertThrows(AssertionError.class, () -> lazy.askAll("a\nb\n"));
    }

    @Test
    void takes_one_line_at_a_time_and_only_whole_ones() {
        LineDriver driver = open((line, replies) -> {});
        assertThrows(IllegalArgumentException.class, () -> driver.send("a\nb"));
        assertThrows(IllegalArgumentException.class, () -> driver.askAll("a\nb"));
        assertThrows(IllegalArgumentException.class, () -> driver.askAll(""));
    }

    @Test
    void lines_behind_a_prefix_are_as_many_as_there_is_room_for() {
        FakeReplies replies = new FakeReplies(5);
        ByteBuffer lines = ByteBuffer.wrap(bytes("aa\nbb\ncc\n"));
        assertEquals(1, replies.putLines(bytes("> "), lines));
        assertEquals("> aa\n", replies.text());
        assertEquals(6, lines.remaining());
        assertThrows(IllegalArgumentException.class, () -> replies.putLines(bytes(""), ByteBuffer.allocate(0)));
        assertThrows(IllegalArgumentException.class, () -> replies.putLines(bytes(""), ByteBuffer.wrap(bytes("a"))));
    }
}
