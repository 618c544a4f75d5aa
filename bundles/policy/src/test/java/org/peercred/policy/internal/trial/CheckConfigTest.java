/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.ConfigurationCheck;

/** {@code ./peercred check-config}. */
@Timeout(120)
class CheckConfigTest {

    @TempDir
    Path etc;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new CheckConfig(stream, List.of(new PolicyCheck(), new ListenersCheck())).run(arguments);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(etc.resolve(name), text);
    }

    @Test
    void it_is_found_where_there_is_no_container() {
        assertTrue(ServiceLoader.load(ConfigurationCheck.class).stream()
                .anyMatch(check -> check.type() == PolicyCheck.class));
    }

    @Test
    void what_would_be_accepted_is_fine_and_no_name_is_looked_up() throws Exception {
        write("org.peercred.policy.uid-team.cfg", "allow = nobody-of-this-name\n");
        write("org.peercred.roles-board.config", "viewer = \"user:nobody-of-this-name\"\n");
        write("org.apache.karaf.features.cfg", "not ours\n");
        write("org.peercred.policy.uid-team.cfg~", "a copy\n");
        assertEquals(CheckConfig.FINE, run(etc.toString()), this::linesText);
        assertEquals(List.of("2 files, 0 problems."), lines());
    }

    private String linesText() {
        return String.join("\n", lines());
    }

    @Test
    void every_problem_is_a_line() throws Exception {
        write("org.peercred.policy.uid-team.cfg", "allow = -1\notherwise = \u001b[2J\n");
        write("org.peercred.policy.uidd-x.cfg", "allow = 5\n");
        assertEquals(CheckConfig.PROBLEMS, run(etc.toString()));
        assertEquals(4, lines().size(), this::linesText);
        assertTrue(lines().get(0).startsWith("etc/org.peercred.policy.uid-team.cfg: "), this::linesText);
        assertTrue(linesText().contains("otherwise = \\u001b[2J"), this::linesText);
        assertTrue(linesText().contains("Nobody reads etc/org.peercred.policy.uidd-x.cfg"), this::linesText);
        assertEquals("2 files, 3 problems.", lines().get(3));
    }

    @Test
    void two_files_of_one_configuration_are_a_problem() throws Exception {
        write("org.peercred.policy.uid-team.cfg", "allow = 5\n");
        write("org.peercred.policy.uid-team.config", "allow = \"6\"\n");
        assertEquals(CheckConfig.PROBLEMS, run(etc.toString()));
        assertTrue(linesText().contains("is for the same configuration"), this::linesText);
    }

    @Test
    void variables_and_the_encoding_are_those_of_the_directory() throws Exception {
        write("config.properties", "felix.fileinstall.configEncoding = UTF-8\nlist.of.mine = 5,6\n");
        write("org.peercred.policy.uid-team.cfg", "allow = ${list.of.mine}\nx-note = \u00e4\n");
        assertEquals(CheckConfig.FINE, run(etc.toString()), this::linesText);
        write("config.properties", "list.of.mine = -5\n");
        assertEquals(CheckConfig.PROBLEMS, run(etc.toString()), this::linesText);
    }

    @Test
    void what_cannot_be_said_has_a_status_of_its_own() {
        assertEquals(CheckConfig.NO_ANSWER, run());
        assertEquals(List.of("Say which directory: check-config DIR."), lines());
        assertEquals(CheckConfig.NO_ANSWER, run(etc.resolve("absent").toString()));
        assertEquals(1, lines().size());
        assertTrue(lines().get(0).endsWith("cannot be read (NoSuchFileException)."), this::linesText);
    }

    /** Takes every configuration of a listener, and tells its path and what it requires. */
    private static final class ListenersCheck implements ConfigurationCheck {

        @Override
        public Set<String> pids() {
            return Set.of("org.peercred.listener");
        }

        @Override
        public Result check(String pid, Map<String, ?> properties) {
            return new Result(List.of(), List.of());
        }

        @Override
        public List<Mention> mentions(String pid, Map<String, ?> properties) {
            return List.of(
                    new Mention(Subject.LISTENER, properties.get("name").toString(), "name", true),
                    new Mention(Subject.SOCKET, properties.get("path").toString(), "path", true),
                    new Mention(Subject.POLICY, properties.get("needs").toString(), "required.policies", false));
        }
    }

    private List<String> problems() {
        assertEquals(CheckConfig.PROBLEMS, run(etc.toString()), this::linesText);
        return lines().subList(0, lines().size() - 1);
    }

    @Test
    void a_role_that_a_policy_names_and_no_file_gives_is_a_problem() throws Exception {
        write("org.peercred.policy.command-board.cfg", "update = editor\nview = viewer, editor\n");
        write("org.peercred.policy.http-web.cfg", "rules = GET /** = viewr; * /a = authenticated\n");
        write("org.peercred.roles-board.cfg", "viewer = *\nx-note = a\n");
        assertEquals(
                List.of(
                        "etc/org.peercred.policy.command-board.cfg: update = editor: no file here gives anybody that role.",
                        "etc/org.peercred.policy.command-board.cfg: view = editor: no file here gives anybody that role.",
                        "etc/org.peercred.policy.http-web.cfg: rules = viewr: no file here gives anybody that role; did you mean viewer?"),
                problems());
        write("org.peercred.roles-more.cfg", "editor = nobody\nviewr = owner\n");
        assertEquals(1, problems().size(), this::linesText);
        assertTrue(lines().get(0).contains("editor = nobody"), this::linesText);
    }

    @Test
    void a_policy_that_is_required_and_that_no_file_makes_is_a_problem() throws Exception {
        write("org.peercred.listener-a.cfg", "name = a\npath = /a\nneeds = uid~teem\n");
        write("org.peercred.policy.uid-team.cfg", "allow = 5\n");
        assertEquals(
                List.of(
                        "etc/org.peercred.listener-a.cfg: required.policies = uid~teem: no file here makes that policy; did you mean uid~team?"),
                problems());
        write("org.peercred.listener-a.cfg", "name = a\npath = /a\nneeds = uid~team\n");
        assertEquals(CheckConfig.FINE, run(etc.toString()), this::linesText);
    }

    @Test
    void one_name_or_one_path_twice_is_a_problem() throws Exception {
        write("org.peercred.policy.uid-team.cfg", "allow = 5\n");
        write("org.peercred.policy.uid-more.cfg", "allow = 6\nname = team\n");
        write("org.peercred.roles-a.cfg", "viewer = *\nname = c\n");
        write("org.peercred.roles-b.cfg", "viewer = owner\nname = c\n");
        write("org.peercred.listener-a.cfg", "name = a\npath = /a\nneeds = uid~team\n");
        write("org.peercred.listener-b.cfg", "name = a\npath = /a\nneeds = uid~team\n");
        assertEquals(
                List.of(
                        "etc/org.peercred.policy.uid-team.cfg: etc/org.peercred.policy.uid-more.cfg makes a policy uid~team as well; where it is required, all of that id have to be in force.",
                        "etc/org.peercred.roles-b.cfg: etc/org.peercred.roles-a.cfg is called c as well.",
                        "etc/org.peercred.listener-b.cfg: etc/org.peercred.listener-a.cfg makes a listener a as well; no policy can tell them apart.",
                        "etc/org.peercred.listener-b.cfg: path = /a: etc/org.peercred.listener-a.cfg has that path as well; only one of them can listen there."),
                problems());
        assertEquals("6 files, 4 problems.", lines().get(4));
    }
}
