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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(120)
class ConfigTest {

    /** A configuration of a file. */
    static Config config(Object... keysAndValues) {
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
    void names_the_key_that_was_meant_by_one_that_nobody_reads() {
        Config config = config(
                "listener", "1",
                "Listeners", "1",
                "\ufefflisteners", "1",
                "\u00ef\u00bb\u00bflisteners", "1",
                "listeners\u00a0", "1",
                "xyzzy", "1",
                "x-note", "1",
                "listeners", "1");
        String file = "etc/org.peercred.thing-a.cfg: unknown key ";
        String mark =
                "\\ufefflisteners: it begins with a byte order mark, which an editor put at the beginning of the file";
        assertEquals(
                List.of(
                        file + "Listeners; did you mean listeners?",
                        file + "listener; did you mean listeners?",
                        file + "listeners\\u00a0; did you mean listeners?",
                        file + "xyzzy; the keys are allow, listeners, and x-... for your own notes.",
                        file + mark + "; did you mean listeners?",
                        file + mark + "; did you mean listeners?"),
                config.unknownKeys(Set.of("allow", "listeners")));
    }

    @Test
    void tells_slips_where_every_other_key_is_a_name() {
        Config config = config(
                "editor", "1",
                "the editor", "1",
                "Name", "1",
                "\u00ef\u00bb\u00bfviewer", "1",
                "x-names", "1",
                "a\u200bb", "1",
                "name", "1");
        String file = "etc/org.peercred.thing-a.cfg: unknown key ";
        assertEquals(
                List.of(
                        file + "Name; did you mean name?",
                        file + "a\\u200bb; did you mean ab?",
                        file
                                + "\\ufeffviewer: it begins with a byte order mark, which an editor put at the beginning of the"
                                + " file; did you mean viewer?"),
                config.slips(Set.of("name", "listeners")));
    }

    @Test
    void a_list_that_must_be_complete_has_no_gap() throws Exception {
        assertEquals(List.of("a", "b"), config("key", " a , b").completeList("key"));
        assertEquals(List.of("a", "b"), config("key", new String[] {"a", "b"}).completeList("key"));
        for (Object none : List.of(new String[] {}, new String[] {""}, List.of(" "))) {
            assertEquals(List.of(), config("key", none).completeList("key"));
        }
        assertEquals(List.of(), config().completeList("key"));
        for (Object gap : List.of("", " ", "a,", "a, ,b", new String[] {"a", ""}, List.of("a,"))) {
            assertThrows(ConfigException.class, () -> config("key", gap).completeList("key"));
        }
        assertEquals(
                "etc/org.peercred.thing-a.cfg: key = owner,: an entry is empty; if it is a variable, it is not set.",
                assertThrows(ConfigException.class, () -> config("key", "owner, ")
                                .completeList("key"))
                        .getMessage());
    }

    @Test
    void notes_are_nobodys_business() {
        assertEquals(List.of(), config("x-owner", "me", "allow", "1").warnings(Set.of("allow")));
        assertEquals(List.of(), config("x-owner", "me", "allow", "1").unknownKeys(Set.of("allow")));
    }

    @Test
    void tells_a_slip_from_another_word() {
        for (String slip : List.of(
                "Name", "NAME", "names", "nam", "nmae", "listener", "Listeners", "listners", "\ufeffname", "name ")) {
            assertTrue(Spelling.isNearMiss(slip, Set.of("name", "listeners")), slip);
        }
        for (String word : List.of("name", "listeners", "game", "lame", "list", "viewer", "")) {
            assertFalse(Spelling.isNearMiss(word, Set.of("name", "listeners")), word);
        }
    }

    @Test
    void tells_all_problems_at_once() {
        Problems problems = new Problems();
        assertEquals("", problems.text());
        assertEquals(1, problems.collect(() -> 1, 2));
        Config config = config("a", "x", "b", "y");
        assertEquals(7, problems.collect(() -> Keys.number("a", 0, 0, 1).in(config), 7));
        problems.addAll(List.of("Something else."));
        assertTrue(problems.collect(() -> Keys.flag("b", true).in(config), true));
        problems.check(() -> Keys.flag("b", true).in(config));
        assertEquals(
                "etc/org.peercred.thing-a.cfg: a = x: it must be a whole number from 0 to 1. Something else."
                        + " etc/org.peercred.thing-a.cfg: b = y: it must be true or false.",
                assertThrows(ConfigException.class, problems::end).getMessage());
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
