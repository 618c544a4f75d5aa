/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ConfigTest {

    private static Config config(Object... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.pid", "org.peercred.thing~a");
        properties.put("felix.fileinstall.filename", "file:/opt/etc/org.peercred.thing-a.cfg");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return new Config(properties, ConfigSource.of(properties, "org.peercred.thing"));
    }

    private static void assertRejected(String message, Executable reading) {
        assertEquals(
                "etc/org.peercred.thing-a.cfg: " + message,
                assertThrows(ConfigException.class, reading).getMessage());
    }

    @Test
    void a_text_is_left_as_it_is() throws ConfigException {
        assertEquals(Optional.of("> "), config("prefix", "> ").text("prefix"));
        assertEquals(Optional.of(""), config("prefix", "").text("prefix"));
        assertEquals(Optional.of("7"), config("prefix", 7).text("prefix"));
        assertEquals(Optional.of("true"), config("prefix", true).text("prefix"));
        assertEquals(Optional.empty(), config().text("prefix"));
    }

    @Test
    void a_list_is_no_text() {
        assertRejected(
                "prefix = a, b: one text is expected, not a list.",
                () -> config("prefix", new String[] {"a", "b"}).text("prefix"));
        assertRejected("prefix = a: one text is expected, not a list.", () -> config("prefix", List.of("a"))
                .word("prefix", "x"));
    }

    @Test
    void a_word_has_no_blanks_around_it_and_a_blank_one_is_none() throws ConfigException {
        assertEquals("a b", config("key", " a b ").word("key", "x"));
        assertEquals("x", config("key", "  ").word("key", "x"));
        assertEquals("x", config().word("key", "x"));
    }

    @Test
    void one_of_some_words() throws ConfigException {
        List<String> words = List.of("keep", "close");
        assertEquals("close", config("key", " close").oneOf("key", "keep", words));
        assertEquals("keep", config().oneOf("key", "keep", words));
        assertRejected("key = Close: it must be keep or close.", () -> config("key", "Close")
                .oneOf("key", "keep", words));
    }

    @Test
    void a_flag_is_true_or_false() throws ConfigException {
        assertTrue(config("key", true).flag("key", false));
        assertFalse(config("key", "false").flag("key", true));
        assertTrue(config().flag("key", true));
        assertRejected("key = yes: it must be true or false.", () -> config("key", "yes")
                .flag("key", true));
    }

    @Test
    void a_number_is_in_its_range() throws ConfigException {
        assertEquals(7, config().number("key", 7, 1, 9));
        assertEquals(1, config("key", " 1 ").number("key", 7, 1, 9));
        assertEquals(9, config("key", 9).number("key", 7, 1, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10", "1.5", "x", "99999999999", "0x1"})
    void another_number_is_rejected(String value) {
        assertRejected("key = " + value + ": it must be a whole number from 1 to 9.", () -> config("key", value)
                .number("key", 7, 1, 9));
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
        "2147483647, 2147483647"
    })
    void a_size_has_units(String value, int bytes) throws ConfigException {
        assertEquals(bytes, config("key", value).size("key", 1, 0, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2 GiB", "9999999999999999 GiB", "999999999999999999999", "-1", "64 KB", "1.5 MiB", "KiB"})
    void another_size_is_rejected(String value) {
        assertRejected(
                "key = " + value + ": it must be a size from 0 to 2147483647 bytes, for instance 64 KiB.",
                () -> config("key", value).size("key", 1, 0, Integer.MAX_VALUE));
    }

    @Test
    void a_size_is_in_its_range() throws ConfigException {
        assertEquals(15, config().size("key", 15, 10, 20));
        assertThrows(ConfigException.class, () -> config("key", "9").size("key", 15, 10, 20));
        assertThrows(ConfigException.class, () -> config("key", "21").size("key", 15, 10, 20));
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
        assertEquals(duration, config("key", value).duration("key", Duration.ofDays(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "366 d", "1 week", "999999999999 d", "999999999999 h", "1.5 s", "9999999999999 s"})
    void another_duration_is_rejected(String value) {
        assertRejected(
                "key = " + value
                        + ": it must be a duration of at most 365 d, in ms, s, min, h or d, for instance 30 s.",
                () -> config("key", value).duration("key", Duration.ZERO));
    }

    @Test
    void an_absent_duration_is_the_default() throws ConfigException {
        assertEquals(Duration.ofDays(1), config("key", " ").duration("key", Duration.ofDays(1)));
    }

    @Test
    void a_list_is_separated_by_commas_in_whatever_form_it_comes() throws ConfigException {
        List<String> expected = List.of("a", "b c", "d");
        assertEquals(expected, config("key", " a, b c ,,d, ").list("key", List.of()));
        assertEquals(expected, config("key", new String[] {"a", "b c,d"}).list("key", List.of()));
        assertEquals(expected, config("key", List.of("a", "b c", "d")).list("key", List.of()));
        assertEquals(List.of("1", "2"), config("key", new Integer[] {1, 2}).list("key", List.of()));
        assertEquals(List.of(), config("key", "").list("key", List.of("x")));
        assertEquals(List.of("x"), config().list("key", List.of("x")));
    }

    @Test
    void a_list_of_anything_else_is_rejected() {
        assertRejected("key = true: texts separated by commas are expected.", () -> config("key", true)
                .list("key", List.of()));
        List<Object> withNull = new ArrayList<>();
        withNull.add(null);
        assertThrows(ConfigException.class, () -> config("key", withNull).list("key", List.of()));
    }

    @Test
    void names_the_file_the_key_and_the_value() {
        assertEquals(
                "etc/org.peercred.thing-a.cfg: path = x: it is taken.",
                config().invalid("path", "x", "it is taken").getMessage());
    }

    /** Karaf takes quotes off only where every value in the file has them, as in files that a form has saved. */
    @Test
    void a_value_in_quotes_is_explained() {
        assertEquals(
                "etc/org.peercred.thing-a.cfg: path = \"/x\": it must be absolute; the quotes are part of the value.",
                config().invalid("path", "\"/x\"", "it must be absolute").getMessage());
        assertEquals(
                "etc/org.peercred.thing-a.cfg: path = \": it must be absolute.",
                config().invalid("path", "\"", "it must be absolute").getMessage());
    }

    @Test
    void warns_of_unknown_keys_with_the_nearest_known_one() {
        Config config = config("alow", "1", "otherwize", "1", "xyzzy", "1", "allow", "1", ".secret", "1");
        assertEquals(
                List.of(
                        "etc/org.peercred.thing-a.cfg: unknown key alow is ignored; did you mean allow?",
                        "etc/org.peercred.thing-a.cfg: unknown key otherwize is ignored; did you mean otherwise?",
                        "etc/org.peercred.thing-a.cfg: unknown key xyzzy is ignored."),
                config.warnings(Set.of("allow", "otherwise", "name")));
    }

    @Test
    void what_the_framework_adds_is_neither_unknown_nor_contents() {
        Config config = config(
                "service.factoryPid", "x",
                "service.bundleLocation", "?",
                "org.apache.karaf.features.configKey", "x",
                "component.name", "x",
                "allow", new String[] {"1", "2"});
        assertEquals(List.of(), config.warnings(Set.of("allow")));
        assertEquals(Map.of("allow", "1, 2"), config.contents());
    }

    @Test
    void contents_tell_a_change_from_a_second_delivery() {
        assertEquals(
                config("a", "1").contents(),
                config("a", "1", "service.pid", "else").contents());
        assertFalse(config("a", "1").contents().equals(config("a", "2").contents()));
        assertFalse(config("a", "1").contents().equals(config("b", "1").contents()));
    }

    @Test
    void knows_its_file() {
        assertEquals(Optional.of(Path.of("/opt/etc/org.peercred.thing-a.cfg")), config().path());
    }
}
