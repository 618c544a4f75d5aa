/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AuditEvent;

@Timeout(120)
class AuditLineTest {

    /** What a reader of the log goes by: a key, then a plain word or a quoted text. */
    private static final Pattern PAIR =
            Pattern.compile("([A-Za-z0-9._-]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s\"=]+)(?: |$)");

    @Test
    void has_the_documented_form() {
        AuditEvent event = Events.denied(1001, "owner", "UID mismatch (1001 != 1000). Closing connection.");
        assertEquals(
                "event=denied listener=echo connection=17 uid=1001 user=guest gid=1001 pid=4242 action=connect"
                        + " policy=owner reason=\"UID mismatch (1001 != 1000). Closing connection.\"",
                AuditLine.of(event, Optional.of("guest"), 1, false));
    }

    @Test
    void tells_how_often_from_two_on() {
        AuditEvent event = Events.denied(1, "owner", "no");
        assertTrue(AuditLine.of(event, Optional.empty(), 2, false).endsWith(" reason=no count=2"));
        assertTrue(AuditLine.of(event, Optional.empty(), 1, false).endsWith(" reason=no"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\nevent=allowed uid=0",
                "x\r\nevent=allowed uid=0",
                "x\" event=allowed uid=0 reason=\"",
                "x\\\" event=allowed",
                "\\",
                "a=b",
                " ",
                "",
                "tab\there",
                "\u001b[2J\u001b[31mred",
                "\u009b31m",
                "\u202egnorw",
                "\u2028line\u2029paragraph",
                "\u0085next",
                "\ud800lonely",
                "\udc00",
                "\ud83d\ude00",
                "\u0000",
                "\u007f",
                "\ufeff",
                "\u200b",
                "\ue000",
                "\uffff",
                "normal-word",
                "ümläut"
            })
    void no_value_can_forge_anything(String value) {
        AuditEvent event = Events.with(value, Map.of("text", value));
        String line = AuditLine.of(event, Optional.of(value), 1, false);
        assertEquals(1, line.lines().count());
        // Whole code points: a pair of surrogates is a character, half of one is not.
        line.codePoints()
                .forEach(c -> assertTrue(
                        c >= ' '
                                && c != 0x7f
                                && !Character.isISOControl(c)
                                && Character.getType(c) != Character.FORMAT
                                && Character.getType(c) != Character.SURROGATE
                                && Character.getType(c) != Character.LINE_SEPARATOR
                                && Character.getType(c) != Character.PARAGRAPH_SEPARATOR,
                        "U+" + Integer.toHexString(c) + " in " + line));
        List<String> expected = new ArrayList<>(
                List.of("event", "listener", "connection", "uid", "user", "gid", "pid", "action", "policy", "text"));
        if (!value.isEmpty()) {
            expected.add("reason");
        }
        assertEquals(expected, keys(line));
        assertTrue(line.startsWith("event=denied "));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void no_random_value_can_forge_anything(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                value.append((char)
                        (random.nextBoolean() ? " =\"\\\nevent".charAt(random.nextInt(10)) : random.nextInt(65536)));
            }
            String line = AuditLine.of(Events.with(value + "x", Map.of()), Optional.of(value + "x"), 3, false);
            assertEquals(
                    List.of(
                            "event",
                            "listener",
                            "connection",
                            "uid",
                            "user",
                            "gid",
                            "pid",
                            "action",
                            "policy",
                            "reason",
                            "count"),
                    keys(line),
                    () -> "seed " + seed + ": " + line);
        }
    }

    @Test
    void cuts_long_values_and_marks_the_cut() {
        String line = AuditLine.of(Events.with("x".repeat(100_000), Map.of()), Optional.empty(), 1, false);
        assertTrue(line.length() < 3000, "length " + line.length());
        assertTrue(line.contains("x\u2026\""), line);
    }

    @Test
    void a_key_that_a_service_made_up_is_no_way_out_either() {
        String line = AuditLine.of(Events.with("x", Map.of("a b\n=\"", "v")), Optional.empty(), 1, false);
        assertTrue(line.contains(" a_b___=v "), line);
    }

    /** The keys that a reader finds; nothing may be left over. */
    private static List<String> keys(String line) {
        List<String> keys = new ArrayList<>();
        Matcher matcher = PAIR.matcher(line);
        int end = 0;
        while (matcher.find()) {
            assertEquals(end, matcher.start(), line);
            end = matcher.end();
            keys.add(matcher.group(1));
        }
        assertEquals(line.length(), end, line);
        return keys;
    }
}
