/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.peercred.access.AccessControl;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;

/** What every command keeps to. */
@Timeout(120)
class MissingServiceTest {

    @ParameterizedTest
    @CsvSource({
        "listeners, ListenerDirectory, org.peercred.listener",
        "connections, ListenerDirectory, org.peercred.listener",
        "disconnect 1, ListenerDirectory, org.peercred.listener",
        "stats, ListenerDirectory, org.peercred.listener",
        "policies, AccessControl, org.peercred.policy",
        "roles, RoleDirectory, org.peercred.policy",
        "check --uid 0, AccessControl, org.peercred.policy",
        "audit, AuditLog, org.peercred.listener",
        "audit --follow, AuditLog, org.peercred.listener"
    })
    void a_missing_service_is_told_in_one_sentence(String command, String service, String bundle) {
        try (Shell shell = new Shell()) {
            Result result = shell.run("peercred:" + command);
            assertEquals(
                    "The service " + service + " is missing; it comes with the bundle " + bundle
                            + ", once that is active (see bundle:list).\n",
                    result.output());
            assertEquals(1, result.status());
        }
    }

    @Test
    void a_check_tells_which_of_its_services_is_missing() {
        try (Shell shell = new Shell()) {
            shell.services.add(AccessControl.class, new FakeControl());
            assertTrue(shell.run("peercred:check --uid 0").output().startsWith("The service ListenerDirectory is"));
            shell.services.add(ListenerDirectory.class, new FakeDirectory());
            assertTrue(shell.run("peercred:check --uid alice").output().startsWith("The service UserDatabase is"));
            assertTrue(shell.run("peercred:check --pid 1").output().startsWith("The service ProcessPinner is"));
            assertEquals(0, shell.services.held());
        }
    }

    @Test
    void completion_offers_nothing_where_services_are_missing() {
        try (Shell shell = new Shell()) {
            assertEquals(List.of(), shell.values("peercred:listeners "));
            assertEquals(List.of(), shell.values("peercred:disconnect "));
            assertEquals(List.of(), shell.values("peercred:policies "));
            assertEquals(0, shell.services.held());
        }
    }

    @Test
    void no_command_and_no_completer_waits_for_a_service() {
        List<Class<?>> classes = Shell.commandClasses();
        assertTrue(classes.size() > 14, classes.toString());
        Set<Class<?>> alwaysThere = Set.of(BundleContext.class, Session.class);
        for (Class<?> type : classes) {
            for (Class<?> c = type; c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    Reference reference = field.getAnnotation(Reference.class);
                    assertTrue(
                            reference == null || reference.optional() || alwaysThere.contains(field.getType()),
                            field.toString());
                }
            }
        }
    }

    @Test
    void every_command_has_a_help_text_with_examples() {
        try (Shell shell = new Shell()) {
            commands().forEach(command -> {
                Result help = shell.run("peercred:" + command.name() + " --help");
                assertTrue(help.output().contains("Examples:"), help.output());
                assertTrue(help.output().contains("peercred:" + command.name()), help.output());
            });
        }
    }

    @Test
    void every_command_has_its_roles() throws IOException {
        Path file = Path.of("../../features/src/main/cfg/org.apache.karaf.command.acl.peercred.cfg");
        List<String> lines = Files.readAllLines(file);
        commands().forEach(command -> {
            boolean acts = command.name().equals("disconnect");
            String roles = acts ? "manager, admin" : "viewer, manager, admin";
            assertTrue(lines.contains(command.name() + " = " + roles), command.name());
        });
    }

    private static Stream<Command> commands() {
        return Shell.commandClasses().stream()
                .filter(type -> type.isAnnotationPresent(Command.class))
                .map(type -> type.getAnnotation(Command.class));
    }
}
