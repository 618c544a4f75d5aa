/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.common.text.ForeignText;

@Timeout(120)
class ListenerSettingsTest {

    private static final String FILE = "etc/org.peercred.listener-echo.cfg";

    @Test
    void has_the_documented_defaults() throws Exception {
        ListenerSettings settings = parse(Map.of("path", "/run/echo.sock"));
        assertEquals("echo", settings.name());
        assertEquals("/run/echo.sock", settings.path());
        assertEquals(0600, settings.mode());
        assertEquals(Optional.empty(), settings.owner());
        assertEquals(Optional.empty(), settings.group());
        assertEquals("(peercred.service=echo)", settings.serviceTarget().toString());
        assertEquals("Unauthorized access", settings.deniedMessage());
        assertEquals(Set.of(), settings.requiredPolicies());
        assertEquals(10_000, settings.maxConnections());
        assertEquals(1000, settings.maxConnectionsPerUid());
        assertEquals(65536, settings.maxLineLength());
        assertEquals(Duration.ZERO, settings.idleTimeout());
        assertEquals(1 << 20, settings.writeBuffer());
        assertEquals(4096, settings.backlog());
        assertEquals(false, settings.closeOnPeerExit());
        assertEquals(true, settings.removeStale());
    }

    @Test
    void reads_every_key() throws Exception {
        Map<String, Object> keys = new HashMap<>();
        keys.put("name", "front");
        keys.put("path", "/tmp/a b");
        keys.put("mode", "660");
        keys.put("owner", "alice");
        keys.put("group", "100");
        keys.put("service.target", "(&(peercred.service=command)(x=1))");
        keys.put("denied.message", "No.");
        keys.put("required.policies", "owner, superuser");
        keys.put("max.connections", "5");
        keys.put("max.connections.per.uid", "4");
        keys.put("max.line.length", "1 KiB");
        keys.put("idle.timeout", "30 s");
        keys.put("write.buffer", "2 MiB");
        keys.put("backlog", "7");
        keys.put("peer.exit", "close");
        keys.put("protocol", "http");
        keys.put("stale", "fail");
        ListenerSettings settings = parse(keys);
        assertEquals("front", settings.name());
        assertEquals("/tmp/a b", settings.path());
        assertEquals(0660, settings.mode());
        assertEquals(Optional.of(Account.of(AccountKind.USER, "alice")), settings.owner());
        assertEquals(Optional.of(Account.of(AccountKind.GROUP, "100")), settings.group());
        assertEquals(
                "(&(peercred.service=command)(x=1))", settings.serviceTarget().toString());
        assertEquals("No.", settings.deniedMessage());
        assertEquals(Set.of("owner", "superuser"), settings.requiredPolicies());
        assertEquals(5, settings.maxConnections());
        assertEquals(4, settings.maxConnectionsPerUid());
        assertEquals(1024, settings.maxLineLength());
        assertEquals(Duration.ofSeconds(30), settings.idleTimeout());
        assertEquals(2 << 20, settings.writeBuffer());
        assertEquals(7, settings.backlog());
        assertEquals(true, settings.closeOnPeerExit());
        assertEquals(true, settings.speaksHttp());
        assertEquals(false, settings.removeStale());
        assertEquals(ListenerKeys.SCHEMA.names(), keys.keySet(), "every key is tried here");
    }

    @Test
    void takes_the_name_of_a_socket_of_systemds_and_leaves_its_owner_and_group_alone() throws Exception {
        ListenerSettings settings = parse(Map.of(
                "path",
                "systemd:peercred-echo.socket",
                "mode",
                "0660",
                "owner",
                "alice",
                "group",
                "100",
                "stale",
                "fail"));
        assertEquals(Optional.of("peercred-echo.socket"), settings.passedName());
        assertEquals(Optional.empty(), settings.owner());
        assertEquals(Optional.empty(), settings.group());
        assertEquals(
                Optional.empty(), parse(Map.of("path", "/run/systemd:echo")).passedName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"systemd:", "systemd:a:b", "systemd:\u00e9"})
    void refuses_what_no_socket_unit_can_be_called(String path) {
        assertEquals(
                FILE + ": path = " + path + ": after systemd: comes the FileDescriptorName of a socket unit: 1 to 255"
                        + " printable ASCII characters without a colon.",
                assertThrows(ConfigException.class, () -> parse(Map.of("path", path)))
                        .getMessage());
    }

    @Test
    void a_name_of_systemds_may_have_255_characters_and_no_more() throws Exception {
        String longest = "n".repeat(255);
        assertEquals(
                Optional.of(longest),
                parse(Map.of("path", "systemd:" + longest)).passedName());
        assertThrows(ConfigException.class, () -> parse(Map.of("path", "systemd:n" + longest)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@", "@a\tb", "@\u00e9"})
    void refuses_what_cannot_be_an_abstract_name(String path) {
        assertEquals(
                FILE + ": path = " + ForeignText.escape(path)
                        + ": after @ comes the name of an abstract socket: 1 to 107" + " printable ASCII characters.",
                assertThrows(ConfigException.class, () -> parse(Map.of("path", path)))
                        .getMessage());
    }

    @Test
    void an_abstract_name_may_have_107_characters_and_no_more_and_no_file_to_own() throws Exception {
        String longest = "@" + "n".repeat(107);
        ListenerSettings settings = parse(Map.of("path", longest, "owner", "alice", "group", "100"));
        assertEquals(longest, settings.path());
        assertEquals(Optional.empty(), settings.owner());
        assertEquals(Optional.empty(), settings.group());
        assertEquals(Optional.empty(), settings.passedName());
        assertThrows(ConfigException.class, () -> parse(Map.of("path", longest + "n")));
    }

    @Test
    void says_which_keys_count_for_nothing_without_a_file() {
        Map<String, Object> keys =
                Map.of("path", "@echo", "mode", "0660", "owner", "alice", "group", "", "backlog", "7");
        assertEquals(
                List.of(
                        FILE
                                + ": mode = 0660 is ignored: with path = @echo there is no file, and every local process can"
                                + " connect.",
                        FILE + ": owner = alice is ignored: with path = @echo there is no file, and every local process"
                                + " can connect."),
                ListenerSettings.warnings(config(keys)));
    }

    @Test
    void says_which_keys_a_socket_unit_has_in_place_of_a_listener() {
        Map<String, Object> keys = Map.of("path", "systemd:echo", "mode", "0660", "owner", "", "backlog", "7");
        assertEquals(
                List.of(
                        FILE + ": backlog = 7 is ignored: with path = systemd:echo the socket unit says it (Backlog=).",
                        FILE + ": mode = 0660 is ignored: with path = systemd:echo the socket unit says it"
                                + " (SocketMode=)."),
                ListenerSettings.warnings(config(keys)));
    }

    /** A form saves every field, and those that were left empty as empty texts. */
    @Test
    void a_field_that_was_left_empty_means_the_default() throws Exception {
        Map<String, Object> form = new HashMap<>();
        ListenerKeys.SCHEMA.names().forEach(key -> form.put(key, ""));
        form.put("path", "/run/echo.sock");
        form.put("required.policies", new String[] {""});
        assertEquals(parse(Map.of("path", "/run/echo.sock")), parse(form));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeff", "\u00ef\u00bb\u00bf"})
    void a_byte_order_mark_hides_no_key(String mark) {
        String sentence = assertThrows(
                        ConfigException.class,
                        () -> parse(Map.of("path", "/run/echo.sock", mark + "required.policies", "owner")))
                .getMessage();
        assertTrue(sentence.contains("it begins with a byte order mark"), sentence);
        assertTrue(sentence.contains("did you mean required.policies?"), sentence);
    }

    @Test
    void tells_all_that_is_wrong_at_once() {
        assertEquals(
                FILE + ": path = run: it must be absolute. " + FILE + ": mode = rw: it must be three octal digits, for"
                        + " instance 0600. " + FILE
                        + ": required.policies = : an entry is empty; if it is a variable, it"
                        + " is not set. " + FILE + ": stale = no: it must be remove or fail.",
                assertThrows(
                                ConfigException.class,
                                () -> parse(
                                        Map.of("path", "run", "mode", "rw", "required.policies", " ", "stale", "no")))
                        .getMessage());
    }

    @Test
    void takes_the_types_that_a_form_saves() throws Exception {
        ListenerSettings settings = parse(Map.of(
                "path", "/run/echo.sock", "max.connections", 500, "backlog", 7, "required.policies", new String[] {
                    "owner", "uid~team, superuser"
                }));
        assertEquals(500, settings.maxConnections());
        assertEquals(7, settings.backlog());
        assertEquals(Set.of("owner", "uid~team", "superuser"), settings.requiredPolicies());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    path                    | echo.sock          | absolute
                    path                    | /                  | plain path
                    path                    | /tmp/              | plain path
                    path                    | /tmp//x            | plain path
                    path                    | /tmp/../x          | plain path
                    path                    | /tmp/..            | plain path
                    path                    | /tmp/séé           | ASCII
                    path                    | /tmp/a€            | ASCII
                    mode                    | 0888               | octal
                    mode                    | rw-rw-rw-          | octal
                    mode                    | 6                  | octal
                    mode                    | 04755              | octal
                    mode                    | -600               | octal
                    service.target          | peercred.service=x | filter
                    service.target          | (a=                | filter
                    max.connections         | 0                  | whole number
                    max.connections         | -1                 | whole number
                    max.connections         | many               | whole number
                    max.connections         | 1.5                | whole number
                    max.connections         | 99999999999        | whole number
                    max.connections.per.uid | 0                  | whole number
                    max.line.length         | 0                  | size
                    max.line.length         | -1                 | size
                    max.line.length         | 1 KB               | size
                    max.line.length         | 1 GiB              | size
                    max.line.length         | 99999999999999999  | size
                    write.buffer            | 0                  | size
                    write.buffer            | 10 GiB             | size
                    idle.timeout            | -1                 | duration
                    idle.timeout            | 5 minutes          | duration
                    idle.timeout            | 400 d              | duration
                    backlog                 | 0                  | whole number
                    owner                   | 4294967295         | ids go from 0 to 4294967294
                    owner                   | a:b                | name of a user
                    group                   | 99999999999999999  | ids go from 0 to 4294967294
                    group                   | -wheel             | name of a group
                    peer.exit               | drop               | keep or close
                    stale                   | true               | remove or fail
                    """)
    void rejects_a_bad_value_in_one_sentence_with_file_key_and_value(String key, String value, String hint) {
        Map<String, Object> keys = new HashMap<>(Map.of("path", "/run/echo.sock"));
        keys.put(key, value);
        String message = assertThrows(ConfigException.class, () -> parse(keys)).getMessage();
        assertTrue(message.startsWith(FILE + ": " + key + " = " + value + ": "), message);
        assertTrue(message.contains(hint), message);
        assertTrue(message.endsWith(".") && !message.contains("\n"), message);
    }

    @Test
    void needs_a_path() {
        String message =
                assertThrows(ConfigException.class, () -> parse(Map.of())).getMessage();
        assertEquals(FILE + ": path = : a listener needs the path of its socket.", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/a\nb", "/tmp/a\u0000b", "/tmp/a\tb", "/tmp/\u202eb"})
    void rejects_unprintable_paths(String path) {
        assertThrows(ConfigException.class, () -> parse(Map.of("path", path)));
    }

    @Test
    void takes_the_longest_path_and_refuses_one_byte_more() throws Exception {
        String longest = "/" + "x".repeat(106);
        assertEquals(longest, parse(Map.of("path", longest)).path());
        String message = assertThrows(ConfigException.class, () -> parse(Map.of("path", longest + "x")))
                .getMessage();
        assertTrue(message.endsWith("it has 108 bytes, the kernel takes 107 at most."), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "carriage\rreturn"})
    void rejects_a_message_of_several_lines(String message) {
        assertThrows(ConfigException.class, () -> parse(Map.of("path", "/run/x", "denied.message", message)));
    }

    @Test
    void rejects_lists_where_one_value_is_meant() {
        String message = assertThrows(
                        ConfigException.class, () -> parse(Map.of("path", new String[] {"/run/a", "/run/b"})))
                .getMessage();
        assertTrue(message.startsWith(FILE + ": path = /run/a, /run/b: "), message);
    }

    @Test
    void warns_of_unknown_keys_with_the_nearest_known_one() {
        List<String> warnings = ListenerSettings.warnings(
                config(Map.of("path", "/run/x", "max.conections", "5", "zzzzzzzz", "1", "\ufeffmode", "0666")));
        assertEquals(
                List.of(
                        FILE + ": unknown key max.conections is ignored; did you mean max.connections?",
                        FILE + ": unknown key zzzzzzzz is ignored."),
                warnings);
    }

    @Test
    void two_readings_of_one_configuration_are_equal() throws Exception {
        Map<String, Object> keys = Map.of("path", "/run/x", "required.policies", "b, a");
        assertEquals(parse(keys), parse(new HashMap<>(keys)));
    }

    private static ListenerSettings parse(Map<String, Object> keys) throws ConfigException {
        return ListenerSettings.from(config(keys));
    }

    private static Config config(Map<String, Object> keys) {
        Map<String, Object> all = new HashMap<>(keys);
        all.put("service.pid", "org.peercred.listener~echo");
        all.put("service.factoryPid", "org.peercred.listener");
        all.put("felix.fileinstall.filename", "file:/opt/karaf/etc/org.peercred.listener-echo.cfg");
        return new Config(all, ConfigSource.of(all, ListenerSettings.PID));
    }
}
