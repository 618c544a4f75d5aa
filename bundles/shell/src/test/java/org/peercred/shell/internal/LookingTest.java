/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessControl;
import org.peercred.access.RoleDirectory;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.common.testing.FakeRoles;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:listeners, connections, disconnect, policies, stats}. */
@Timeout(120)
class LookingTest {

    private final FakeDirectory directory = new FakeDirectory();
    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell();
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(AccessControl.class, new FakeControl());
        shell.services.add(UserDatabase.class, Shell.users());
    }

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    @Test
    void listeners_shows_each_with_its_trouble() {
        Result result = shell.run("peercred:listeners --no-format");
        assertEquals(
                List.of(
                        "command\tlistening\t/run/c.sock\t1\t1\t2\t3\t",
                        "echo\ttrouble\t/run/e.sock\t2\t10\t20\t30\tIt waits."),
                result.lines());
        assertEquals(0, result.status());
    }

    @Test
    void listeners_shows_a_table_to_people() {
        List<String> lines = shell.run("peercred:listeners").lines();
        assertEquals("Name    | State     | Socket      | Open | Allowed | Denied | Limited | Problem", lines.get(0));
        assertEquals("echo    | trouble   | /run/e.sock |    2 |      10 |     20 |      30 | It waits.", lines.get(3));
    }

    @Test
    void listeners_shows_those_named_only() {
        assertEquals(1, shell.run("peercred:listeners --no-format echo").lines().size());
        Result unknown = shell.run("peercred:listeners eco");
        assertEquals("There is no listener eco; there is command, echo.\n", unknown.output());
        assertEquals(1, unknown.status());
    }

    @Test
    void nothing_is_said_in_a_sentence() {
        directory.listeners.clear();
        directory.connections.clear();
        assertTrue(shell.run("peercred:listeners").output().contains("There is no listener;"));
        assertTrue(shell.run("peercred:connections").output().contains("No connection is open."));
        assertEquals("", shell.run("peercred:connections --no-format").output());
    }

    @Test
    void connections_tells_names_where_somebody_knows_them() {
        assertEquals(
                List.of(
                        "1\tcommand\t1001\talice\t1001\t4242\t125\t7",
                        "2\techo\t1001\talice\t1001\t4343\t180000\t8",
                        "17\techo\t1002\t\t1002\t-\t3\t9"),
                shell.run("peercred:connections --no-format").lines());
        shell.services.remove(UserDatabase.class);
        assertTrue(shell.run("peercred:connections --no-format").output().startsWith("1\tcommand\t1001\t\t1001"));
    }

    @Test
    void connections_tells_people_how_long_in_two_units() {
        String output = shell.run("peercred:connections").output();
        assertTrue(output.contains("2 min 5 s"), output);
        assertTrue(output.contains("2 d 2 h"), output);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--listener echo=2,17",
                "-l echo=2,17",
                "--uid 1001=1,2",
                "--uid alice=1,2",
                "--pid 4343=2",
                "--uid alice --listener echo=2",
                "--listener echo --pid 4242="
            })
    void connections_are_filtered(String example) {
        String[] parts = example.split("=", -1);
        List<String> ids = shell.run("peercred:connections --no-format " + parts[0]).lines().stream()
                .map(line -> line.substring(0, line.indexOf('\t')))
                .toList();
        assertEquals(parts[1], String.join(",", ids));
    }

    @Test
    void a_user_who_cannot_be_looked_up_is_refused_in_a_sentence() {
        assertRefused("There is no user named \"bob\".", "peercred:connections --uid bob");
        assertRefused(
                "The user \"slow\" cannot be looked up: The name service does not answer.",
                "peercred:connections --uid slow");
        assertRefused(
                "A user id is a number from 0 to 4294967294, not 4294967295.", "peercred:connections --uid 4294967295");
        assertRefused(
                "A user id is a number from 0 to 4294967294, not 99999999999999999999.",
                "peercred:connections --uid 99999999999999999999");
    }

    @Test
    void disconnect_ends_each_and_tells_which_were_not_open() {
        Result result = shell.run("peercred:disconnect 17 99 1");
        assertEquals("Connection 17 ends.\nConnection 1 ends.\nNo connection 99 is open.\n", result.output());
        assertEquals(1, result.status());
        assertEquals(1, directory.connections.size());
        assertEquals(0, shell.run("peercred:disconnect 2").status());
    }

    @Test
    void policies_shows_state_and_why() {
        assertEquals(
                List.of(
                        "owner\tactive\t*\tconnect\t",
                        "uid~ops\tlast good\tcommand, echo\tconnect\tetc/a.cfg: allow = x: no such user.",
                        "uid~team\trejected\t*\t*\tetc/b.cfg: allow = \\u001b[2Jy: no such user."),
                shell.run("peercred:policies --no-format").lines());
        assertEquals(
                1, shell.run("peercred:policies --no-format uid~team").lines().size());
        assertEquals(1, shell.run("peercred:policies nobody").status());
    }

    @Test
    void configurations_of_roles_are_listed_with_the_policies() {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        assertEquals(
                List.of("roles~board\trejected\t-\t-\tetc/r.cfg: reader = x: no such thing."),
                shell.run("peercred:policies --no-format roles~board").lines());
        assertTrue(shell.values("peercred:policies ").contains("roles~board"));
    }

    @Test
    void roles_shows_who_has_which_and_where() {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        assertEquals(
                List.of(
                        "board\trejected\t-\tnobody\t-\tetc/r.cfg: reader = x: no such thing.",
                        "team\tactive\tnone\tnobody\techo, notices\tetc/t.cfg",
                        "team\tactive\treader\tuser:alice, gid:50\techo, notices\tetc/t.cfg",
                        "team\tactive\twriter\towner\techo, notices\tetc/t.cfg"),
                shell.run("peercred:roles --no-format").lines());
        assertEquals(3, shell.run("peercred:roles --no-format team").lines().size());
        assertRefused("There is no configuration of roles x; there is board, team.", "peercred:roles x");
        assertEquals(List.of("board", "team"), shell.values("peercred:roles "));
        assertEquals(
                List.of("roles~team\tactive\techo, notices\t-\t"),
                shell.run("peercred:policies --no-format roles~team").lines());
    }

    @Test
    void there_are_colours_on_a_terminal_only() {
        assertFalse(shell.run("peercred:policies").output().contains("\u001b"));
        shell.terminal(200);
        assertTrue(shell.run("peercred:policies").output().contains("\u001b[31mrejected"));
        assertFalse(shell.run("peercred:policies --no-format").output().contains("\u001b"));
        assertTrue(shell.run("peercred:disconnect 99").output().contains("\u001b[31mNo connection"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "peercred:listeners",
                "peercred:connections",
                "peercred:policies",
                "peercred:stats",
                "peercred:roles",
                "peercred:check --uid alice --all"
            })
    void every_table_fits_on_80_columns(String command) {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        directory.on("/run/a-directory-with-a-long-name/and-another-one-that-is-longer/");
        shell.terminal(80);
        List<String> lines = shell.run(command).lines();
        assertTrue(lines.stream().anyMatch(line -> line.contains("-+-")), lines.toString());
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(line -> line.contains(" | "))
                        .filter(line -> withoutColours(line).length() >= 80)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"peercred:listeners", "peercred:policies", "peercred:roles"})
    void headers_have_no_colour_and_states_have(String command) {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        shell.terminal(200);
        List<String> lines = shell.run(command).lines();
        assertFalse(lines.get(0).contains("\u001b[3"), lines.get(0));
        assertTrue(String.join("", lines).contains("\u001b[3"), lines.toString());
    }

    @Test
    void a_narrow_terminal_breaks_the_last_column() {
        shell.terminal(70);
        List<String> lines = shell.run("peercred:policies").lines();
        assertTrue(lines.stream().allMatch(line -> withoutColours(line).length() < 70), lines.toString());
        assertTrue(String.join(" ", lines).contains("such"));
    }

    private static String withoutColours(String line) {
        return line.replaceAll("\u001b\\[[0-9;]*m", "");
    }

    @Test
    void stats_adds_up() {
        String output = shell.run("peercred:stats").output();
        assertTrue(output.contains("4.9 KiB"), output);
        assertTrue(output.contains("all      |      11 |     22 |      33 |    3 |    44 |"), output);
        assertTrue(
                output.contains("Policies: 1 active, 1 with their last good configuration, 1 rejected; generation 7."),
                output);
        assertEquals(
                List.of("echo\t10\t20\t30\t2\t40\t5000\t6000"),
                shell.run("peercred:stats --no-format echo").lines());
    }

    @Test
    void stats_works_without_access_control() {
        shell.services.remove(AccessControl.class);
        assertTrue(shell.run("peercred:stats")
                .output()
                .contains("nobody is let in. The service AccessControl is missing"));
    }

    @Test
    void a_name_with_escapes_is_shown_escaped() {
        directory.listeners.add(new ListenerReport(
                "e\u202evil\n", "/x\u001b[31m", true, Optional.of("a\tb"), Set.of(), ListenerReport.Counters.NONE));
        String output = shell.run("peercred:listeners --no-format").output();
        assertTrue(output.contains("e\\u202evil\\u000a\ttrouble\t/x\\u001b[31m\t0\t0\t0\t0\ta\\u0009b\n"), output);
    }

    private void assertRefused(String sentence, String line) {
        Result result = shell.run(line);
        assertEquals(sentence + "\n", result.output());
        assertEquals(1, result.status());
    }
}
