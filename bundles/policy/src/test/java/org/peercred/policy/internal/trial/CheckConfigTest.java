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
import java.util.ServiceLoader;
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
        return new CheckConfig(stream, List.of(new PolicyCheck())).run(arguments);
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
}
