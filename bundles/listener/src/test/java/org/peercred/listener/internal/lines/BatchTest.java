/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.service.BatchLineSession;
import org.peercred.service.LineService;
import org.peercred.service.Replies;

/** Services that take several lines at once, and what they do wrong. */
@Timeout(120)
class BatchTest {

    /** What a session does with several lines. */
    private interface Lines {
        int take(ByteBuffer lines, Replies replies);
    }

    private final List<String> batches = new CopyOnWriteArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void gives_all_whole_lines_of_a_read_at_once_and_others_one_by_one() throws Exception {
        offer((lines, replies) -> replies.putLines(bytes("= "), lines));
        try (Client client = server.connect()) {
            assertEquals("= a\n= \n= b\n", client.send("a\n\nb\nc").receiveText(11));
            assertEquals("- cd\n= e\n", client.send("d\ne\n").receiveText(9));
            assertEquals(List.of("a\n\nb\n", "e\n"), batches);
            assertEquals(
                    5,
                    server.listener
                            .report("", true, Optional.empty())
                            .counters()
                            .lines());
        }
    }

    @Test
    void gives_again_what_a_session_leaves() throws Exception {
        offer((lines, replies) -> {
            lines.position(lines.position() + 2);
            replies.put((byte) '.');
            return 1;
        });
        try (Client client = server.connect()) {
            assertEquals("...", client.send("a\nb\nc\n").receiveText(3));
            assertEquals(List.of("a\nb\nc\n", "b\nc\n", "c\n"), batches);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 8, 9, 1024})
    void puts_any_prefix_before_each_line(int length) throws Exception {
        String prefix = "p".repeat(length);
        offer((lines, replies) -> replies.putLines(bytes(prefix), lines));
        StringBuilder expected = new StringBuilder();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String line = "x".repeat(i) + "\n";
            sent.append(line);
            expected.append(prefix).append(line);
        }
        try (Client client = server.connect()) {
            assertEquals(expected.toString(), client.send(sent.toString()).receiveText(expected.length()));
        }
    }

    @Test
    void puts_lines_from_any_memory() throws Exception {
        offer((lines, replies) -> {
            int count = lines.remaining() / 2;
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(lines.remaining()).put(lines).flip();
            assertEquals(count, replies.putLines(bytes("d"), direct));
            assertEquals(0, direct.remaining());
            ByteBuffer sliced =
                    ByteBuffer.wrap(bytes("..y\nz\n.")).position(2).slice().limit(4);
            assertEquals(2, replies.putLines(bytes("s"), sliced));
            assertEquals(4, sliced.position());
            return count;
        });
        try (Client client = server.connect()) {
            assertEquals("da\ndb\nsy\nsz\n", client.send("a\nb\n").receiveText(12));
        }
    }

    @Test
    void puts_nothing_that_is_no_whole_line() throws Exception {
        offer((lines, replies) -> {
            int taken = lines.remaining() / 2;
            lines.position(lines.limit());
            for (String wrong : List.of("", "x", "x\ny")) {
                ByteBuffer text = ByteBuffer.wrap(bytes(wrong));
                assertThrows(IllegalArgumentException.class, () -> replies.putLines(bytes("> "), text));
            }
            replies.put(bytes("ok\n"));
            return taken;
        });
        try (Client client = server.connect()) {
            assertEquals("ok", client.ask("x"));
        }
    }

    @Test
    void stops_at_the_write_buffer_and_loses_nothing() throws Exception {
        server.configure("write.buffer", "4096");
        List<Integer> counts = new CopyOnWriteArrayList<>();
        offer((lines, replies) -> {
            int count = replies.putLines(bytes("> "), lines);
            counts.add(count);
            return count;
        });
        String line = "x".repeat(97) + "\n";
        try (Client client = server.connect()) {
            assertEquals(
                    ("> " + line).repeat(100), client.send(line.repeat(100)).receiveText(10_000));
            // The 41st line makes it full.
            assertEquals(List.of(41, 41, 18), counts);
        }
    }

    @Test
    void answers_far_more_than_it_was_asked_within_the_write_buffer() throws Exception {
        server.configure("write.buffer", "64 KiB");
        offer((lines, replies) -> replies.putLines(new byte[1023], lines));
        try (Client glutton = server.connect()) {
            glutton.sendAsMuchAsPossible("\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> {
                long lines = server.listener
                        .report("", true, Optional.empty())
                        .counters()
                        .lines();
                return lines > 0 && lines < 1000;
            });
        }
    }

    @Test
    void answers_more_than_its_memory_holds_at_once() throws Exception {
        String prefix = "p".repeat(1000);
        offer((lines, replies) -> replies.putLines(bytes(prefix), lines));
        try (Client client = server.connect()) {
            String answer = prefix + "\n";
            assertEquals(answer.repeat(1000), client.send("\n".repeat(1000)).receiveText(1000 * answer.length()));
        }
    }

    @Test
    void reads_on_after_a_deferred_answer() throws Exception {
        offer((lines, replies) -> {
            int count = replies.putLines(bytes("> "), lines);
            Replies.Deferred rest = replies.defer();
            server.loop.execute(() -> rest.complete(bytes("rest\n")));
            return count;
        });
        try (Client client = server.connect()) {
            assertEquals("> a\n> b\nrest\n", client.send("a\nb\n").receiveText(13));
            assertEquals("> c\nrest\n", client.send("c\n").receiveText(9));
        }
    }

    @Test
    void keeps_lines_for_later_while_an_answer_is_outstanding() throws Exception {
        offer((lines, replies) -> {
            lines.position(lines.position() + 2);
            Replies.Deferred answer = replies.defer();
            server.loop.execute(() -> answer.complete(bytes("first\n")));
            return 1;
        });
        try (Client client = server.connect()) {
            assertEquals("first\n- b\n- c\n", client.send("a\nb\nc\n").receiveText(14));
            assertEquals(List.of("a\nb\nc\n"), batches);
        }
    }

    @Test
    void ends_after_the_batch_it_is_ended_in() throws Exception {
        offer((lines, replies) -> {
            lines.position(lines.position() + 2);
            replies.put(bytes("bye\n")).end();
            return 1;
        });
        try (Client client = server.connect()) {
            assertEquals("bye\n", client.send("a\nb\n").restText());
        }
    }

    @Test
    void complains_about_a_long_line_behind_a_batch() throws Exception {
        server.configure("max.line.length", "10");
        offer((lines, replies) -> replies.putLines(bytes("> "), lines));
        try (Client client = server.connect()) {
            assertEquals(
                    "> a\n> b\nLine too long\n",
                    client.send("a\nb\n" + "x".repeat(20)).restText());
        }
    }

    @Test
    void sends_nothing_of_a_batch_that_fails_but_all_before_it() throws Exception {
        offer((lines, replies) -> {
            if (batches.size() == 2) {
                replies.put(bytes("lost"));
                throw new IllegalStateException("broken");
            }
            lines.position(lines.position() + 2);
            replies.put(bytes("sent"));
            return 1;
        });
        try (Client client = server.connect()) {
            assertEquals("sent", client.send("a\nb\nc\n").restText());
        }
    }

    /** What is done with the lines {@code i} and {@code j}, which came after longer ones. */
    static List<Lines> misbehaviours() {
        Lines nothing = (lines, replies) -> 1;
        Lines nothingAfterTheFirst = (lines, replies) -> {
            lines.position(2);
            return 1;
        };
        Lines noneByItsOwnWord = (lines, replies) -> {
            lines.position(lines.limit());
            return 0;
        };
        Lines halfALine = (lines, replies) -> {
            lines.position(lines.position() + 1);
            return 1;
        };
        Lines linesOfAnEarlierRead = (lines, replies) -> {
            lines.limit(lines.capacity()).position("abcd\nefgh\n".length());
            return 1;
        };
        Lines allTheMemory = (lines, replies) -> {
            lines.limit(lines.capacity()).position(lines.capacity());
            return 1;
        };
        return List.of(nothing, nothingAfterTheFirst, noneByItsOwnWord, halfALine, linesOfAnEarlierRead, allTheMemory);
    }

    @ParameterizedTest
    @MethodSource("misbehaviours")
    void a_session_that_takes_no_whole_line_hurts_only_its_connection(Lines wrong) throws Exception {
        try (Client other = server.connect()) {
            assertEquals("> x", other.ask("x"));
            offer(
                    (lines, replies) ->
                            batches.size() == 1 ? replies.putLines(bytes("= "), lines) : wrong.take(lines, replies),
                    Server.ECHO);
            try (Client client = server.connect()) {
                assertEquals("= abcd\n= efgh\n", client.send("abcd\nefgh\n").receiveText(14));
                assertEquals("", client.send("i\nj\n").restText());
            }
            assertEquals("> y", other.ask("y"));
        }
    }

    /** Offers a session that takes batches so, and answers a single line behind a dash. */
    private void offer(Lines behaviour, LineService... others) {
        BatchLineSession session = new BatchLineSession() {
            @Override
            public void line(ByteBuffer line, Replies replies) {
                replies.put(bytes("- ")).put(line).put((byte) '\n');
            }

            @Override
            public int lines(ByteBuffer lines, Replies replies) {
                batches.add(StandardCharsets.US_ASCII.decode(lines.duplicate()).toString());
                return behaviour.take(lines, replies);
            }
        };
        List<LineService> all = new ArrayList<>();
        all.add(connection -> session);
        all.addAll(List.of(others));
        server.offer(all.toArray(new LineService[0]));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
