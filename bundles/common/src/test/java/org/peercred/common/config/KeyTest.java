/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.peercred.common.config.ConfigTest.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KeyTest {

    private static final long TWO_GIB = 2L << 30;

    private static void assertRejected(Key<?> key, Object value, String... sentences) {
        String message = assertThrows(ConfigException.class, () -> key.in(config(key.name(), value)))
                .getMessage();
        assertEquals(
                "etc/org.peercred.thing-a.cfg: " + String.join(" etc/org.peercred.thing-a.cfg: ", sentences), message);
    }

    @Test
    void a_text_has_no_blanks_around_it_and_a_blank_one_is_none() throws ConfigException {
        Key<String> key = Keys.text("key", "x");
        assertEquals("a b", key.in(config("key", " a b ")));
        assertEquals("x", key.in(config("key", "  ")));
        assertEquals("x", key.in(config()));
        assertRejected(key, List.of("a"), "key = a: one text is expected, not a list.");
    }

    @Test
    void a_text_can_count_as_it_is() throws ConfigException {
        Key<String> key = Keys.verbatim("key", "> ");
        assertEquals(" a ", key.in(config("key", " a ")));
        assertEquals("", key.in(config("key", "")));
        assertEquals("> ", key.in(config()));
    }

    @Test
    void a_choice_is_between_two_words() throws ConfigException {
        Key<Boolean> key = Keys.choice("key", "keep", "close");
        assertTrue(key.in(config("key", " close")));
        assertFalse(key.in(config("key", "keep")));
        assertFalse(key.in(config()));
        assertFalse(key.in(config("key", " ")));
        assertRejected(key, "Close", "key = Close: it must be keep or close.");
        assertEquals(List.of("keep", "close"), key.choices());
    }

    @Test
    void a_choice_can_be_one_that_may_not_be_left_empty() throws ConfigException {
        Key<Boolean> key = Keys.completeChoice("key", "abstain", "deny");
        assertTrue(key.in(config("key", "deny")));
        assertFalse(key.in(config()));
        assertRejected(key, " ", "key = : it must be abstain or deny.");
        assertRejected(key, "x", "key = x: it must be abstain or deny.");
        assertEquals(List.of("abstain", "deny"), key.choices());
    }

    @Test
    void a_flag_is_true_or_false() throws ConfigException {
        assertTrue(Keys.flag("key", false).in(config("key", true)));
        assertFalse(Keys.flag("key", true).in(config("key", "false")));
        assertTrue(Keys.flag("key", true).in(config()));
        assertRejected(Keys.flag("key", true), "yes", "key = yes: it must be true or false.");
    }

    @Test
    void a_number_is_in_its_range() throws ConfigException {
        Key<Integer> key = Keys.number("key", 7, 1, 9);
        assertEquals(7, key.in(config()));
        assertEquals(1, key.in(config("key", " 1 ")));
        assertEquals(9, key.in(config("key", 9)));
        assertEquals("1 to 9", key.range());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10", "1.5", "x", "99999999999", "0x1"})
    void another_number_is_rejected(String value) {
        assertRejected(
                Keys.number("key", 7, 1, 9), value, "key = " + value + ": it must be a whole number from 1 to 9.");
    }

    @ParameterizedTest
    @CsvSource({
        "65536, 65536",
        "64 KiB, 65536",
        "64KiB, 65536",
        "64 kib, 65536",
        "1 MiB, 1048576",
        "1 GiB, 1073741824",
        "17 B, 17",
        "0, 0",
        "2147483648, 2147483648",
        "2 GiB, 2147483648"
    })
    void a_size_has_units(String value, long bytes) throws ConfigException {
        assertEquals(bytes, Keys.size("key", "1", 0, TWO_GIB).in(config("key", value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2147483649",
                "3 GiB",
                "9999999999999999 GiB",
                "17179869184 GiB",
                "999999999999999999999",
                "-1",
                "64 KB",
                "1.5 MiB",
                "KiB"
            })
    void another_size_is_rejected(String value) {
        assertRejected(
                Keys.size("key", "1", 0, TWO_GIB),
                value,
                "key = " + value + ": it must be a size, 0 bytes to 2 GiB, for instance 64 KiB.");
    }

    @Test
    void a_size_is_in_its_range() throws ConfigException {
        Key<Long> key = Keys.size("key", "15", 10, 20);
        assertEquals(15, key.in(config()));
        assertEquals(10, key.in(config("key", "10")));
        assertEquals(20, key.in(config("key", "20")));
        assertThrows(ConfigException.class, () -> key.in(config("key", "9")));
        assertThrows(ConfigException.class, () -> key.in(config("key", "21")));
        assertEquals("1 byte to 64 MiB", Keys.size("key", "1", 1, 64 << 20).range());
    }

    @Test
    void a_size_can_be_none_which_stands_for_something() throws ConfigException {
        Key<Long> key = Keys.sizeOrZero("key", "16 MiB", "never", 64 << 10, 1 << 30);
        assertEquals(16 << 20, key.in(config()));
        assertEquals(0, key.in(config("key", "0")));
        assertEquals("0 (never) or 64 KiB to 1 GiB", key.range());
        assertRejected(
                key, "1 KiB", "key = 1 KiB: it must be a size, 0 (never) or 64 KiB to 1 GiB, for instance 64 KiB.");
        assertEquals(
                "0 (no bound) to 1 GiB",
                Keys.sizeOrZero("key", "0", "no bound", 1, 1 << 30).range());
    }

    @ParameterizedTest
    @CsvSource({
        "30, PT30S",
        "30 s, PT30S",
        "30s, PT30S",
        "250 ms, PT0.25S",
        "5 min, PT5M",
        "2 h, PT2H",
        "365 d, P365D",
        "0, PT0S"
    })
    void a_duration_has_units(String value, Duration duration) throws ConfigException {
        assertEquals(duration, Keys.duration("key", "1 d", "never", 365).in(config("key", value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "366 d", "1 week", "999999999999 d", "999999999999 h", "1.5 s", "9999999999999 s"})
    void another_duration_is_rejected(String value) {
        assertRejected(
                Keys.duration("key", "0", "never", 365),
                value,
                "key = " + value
                        + ": it must be a duration, 0 (never) to 365 d, in ms, s, min, h or d, for instance 30 s.");
    }

    @Test
    void an_absent_duration_is_the_default() throws ConfigException {
        assertEquals(
                Duration.ofDays(1), Keys.duration("key", "1 d", "never", 365).in(config("key", " ")));
    }

    @Test
    void a_list_may_be_empty() throws ConfigException {
        Key<List<String>> key = Keys.list("key", "x", "y");
        assertEquals(List.of("a", "b"), key.in(config("key", "a, b,")));
        assertEquals(List.of(), key.in(config("key", "")));
        assertEquals(List.of("x", "y"), key.in(config()));
        assertEquals("x,y", key.initial());
    }

    @Test
    void a_complete_list_has_no_gap() throws ConfigException {
        Key<List<String>> key = Keys.completeList("key", "x");
        assertEquals(List.of("a", "b"), key.in(config("key", "a, b")));
        assertEquals(List.of("x"), key.in(config("key", new String[] {""})));
        assertEquals(List.of("x"), key.in(config()));
        assertRejected(key, "a,", "key = a,: an entry is empty; if it is a variable, it is not set.");
    }

    @Test
    void each_entry_of_a_list_is_explained() throws ConfigException {
        Key<List<Integer>> key = Keys.each(Keys.list("key"), text -> {
            if (text.length() > 1) {
                throw new UnusableValueException("it is too long");
            }
            return text.length();
        });
        assertEquals(List.of(1, 1), key.in(config("key", "a, b")));
        assertEquals(List.of(), key.in(config()));
        assertRejected(key, "aa, b, cc", "key = aa: it is too long.", "key = cc: it is too long.");
    }

    @Test
    void a_value_has_a_meaning() throws ConfigException {
        Key<Integer> key = Keys.text("key", "0600")
                .as(text -> {
                    if (!text.startsWith("0")) {
                        throw new UnusableValueException("it must begin with 0");
                    }
                    return Integer.parseInt(text, 8);
                })
                .within("octal");
        assertEquals(0600, key.in(config()));
        assertEquals(0660, key.in(config("key", "0660")));
        assertEquals("octal", key.range());
        assertRejected(key, " 660", "key = 660: it must begin with 0.");
        Key<String> bad = Keys.list("list", "x").as(list -> {
            throw new UnusableValueException("it is no good");
        });
        assertRejected(bad, "", "list = : it is no good.");
        assertRejected(bad, "a, b", "list = a, b: it is no good.");
        assertEquals(
                "etc/org.peercred.thing-a.cfg: list = x: it is no good.",
                assertThrows(ConfigException.class, () -> bad.in(config())).getMessage());
    }

    @Test
    void a_value_that_may_be_left_out_has_no_default() throws ConfigException {
        Key<Optional<Long>> key = Keys.size("key", "", 10, 20).optional();
        assertEquals(Optional.empty(), key.in(config()));
        assertEquals(Optional.empty(), key.in(config("key", " ")));
        assertEquals(Optional.of(12L), key.in(config("key", "12")));
        assertThrows(ConfigException.class, () -> key.in(config("key", "9")));
        assertEquals("", key.initial());
    }

    @Test
    void reading_goes_on_after_a_problem() {
        Problems problems = new Problems();
        Config config = config("a", "x", "b", "y", "c", "3");
        Key<String> required = Keys.text("d", "").as(text -> {
            throw new UnusableValueException("it is needed");
        });
        assertEquals(7, problems.read(config, Keys.number("a", 7, 1, 9)));
        assertEquals(false, problems.read(config, Keys.flag("b", false)));
        assertEquals(3, problems.read(config, Keys.number("c", 7, 1, 9)));
        assertEquals(null, problems.read(config, required));
        String file = "etc/org.peercred.thing-a.cfg: ";
        assertEquals(
                file + "a = x: it must be a whole number from 1 to 9. " + file + "b = y: it must be true or false. "
                        + file + "d = : it is needed.",
                assertThrows(ConfigException.class, problems::end).getMessage());
    }

    @Test
    void a_schema_has_each_key_once() {
        Schema schema = new Schema();
        Key<Integer> b = schema.add(Keys.number("b", 7, 1, 9));
        Key<String> a = schema.add(Keys.text("a", ""));
        assertEquals(List.of(b, a), schema.keys());
        assertEquals(Set.of("a", "b"), schema.names());
        assertThrows(IllegalArgumentException.class, () -> schema.add(Keys.text("a", "")));
    }
}
