/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class InitScriptTest {

    private static final String SHORT_NAMES =
            "// comment\nla = { bundle:list -t 0 $args } ;\nlog:list = { log:get ALL } ;\n";
    private static final String COLOURS = "  colour = red\n";

    @TempDir
    private Path etc;

    private final List<String> executed = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        Files.writeString(etc.resolve("init.script"), SHORT_NAMES);
        Files.writeString(Files.createDirectory(etc.resolve("scripts")).resolve("b.script"), COLOURS);
        System.setProperty("karaf.etc", etc.toString());
        System.setProperty("karaf.shell.init.script", "init.script,scripts/*.script");
    }

    @AfterEach
    void restore() {
        System.clearProperty("karaf.etc");
        System.clearProperty("karaf.shell.init.script");
    }

    @Test
    void a_script_is_run_once_before_the_first_line_that_has_a_name_of_it() {
        InitScript script = new InitScript(session());
        script.prepare("version; bundle:list -t 0");
        assertEquals(List.of(), executed);
        script.prepare("version|la");
        assertEquals(List.of(SHORT_NAMES), executed);
        script.prepare("log:list; echo $colour");
        assertEquals(List.of(SHORT_NAMES, COLOURS), executed);
        script.prepare("la");
        assertEquals(List.of(SHORT_NAMES, COLOURS), executed);
    }

    @Test
    void all_are_run_where_the_line_runs_what_it_does_not_hold() {
        new InitScript(session()).prepare("shell:source file");
        assertEquals(List.of(SHORT_NAMES, COLOURS), executed);
    }

    @Test
    void a_changed_script_counts_in_the_next_session() throws Exception {
        new InitScript(session()).prepare("other");
        Files.writeString(etc.resolve("init.script"), "other = 1\n");
        Files.setLastModifiedTime(
                etc.resolve("init.script"), java.nio.file.attribute.FileTime.fromMillis(1_000_000_000_000L));
        new InitScript(session()).prepare("other");
        assertEquals(List.of("other = 1\n"), executed);
    }

    private Session session() {
        CommandSession commands = proxy(CommandSession.class, executed);
        return (Session) Proxy.newProxyInstance(
                InitScriptTest.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (self, method, arguments) -> commands);
    }

    private static <T> T proxy(Class<T> type, List<String> executed) {
        return type.cast(Proxy.newProxyInstance(
                InitScriptTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    executed.add((String) arguments[0]);
                    return null;
                }));
    }
}
