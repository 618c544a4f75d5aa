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
import org.apache.karaf.shell.api.console.Candidate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.common.testing.FakeAudit;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.service.CommandCall;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.service.PeerCommand;

/** What Tab offers, for every argument and option. */
@Timeout(120)
class CompletionTest {

    private final FakeDirectory directory = new FakeDirectory();
    private final FakeControl control = new FakeControl();
    private Shell shell;

    /** A command of the command service. */
    private static final class View implements PeerCommand {
        @Override
        public String name() {
            return "view";
        }

        @Override
        public String description() {
            return "shows\u001b[31m it";
        }

        @Override
        public void run(CommandCall call) {}
    }

    @BeforeEach
    void start() {
        shell = new Shell();
        FakeAudit audit = new FakeAudit();
        audit.record(FakeAudit.event(AuditEvent.Type.DENIED, "echo", 1, 4711));
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(AccessControl.class, control);
        shell.services.add(AuditLog.class, audit);
        shell.services.add(PeerCommand.class, new View());
    }

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peercred:listeners ' ' | command,echo",
                "peercred:listeners echo ' ' | command,echo",
                "peercred:stats ' ' | command,echo",
                "peercred:connections --listener ' ' | command,echo",
                "peercred:check --listener ' ' | command,echo",
                "peercred:audit -l ' ' | command,echo",
                "peercred:disconnect ' ' | 1,17,2",
                "peercred:disconnect 1 ' ' | 1,17,2",
                "peercred:policies ' ' | owner,uid~ops,uid~team",
                "peercred:connections --pid ' ' | 4242,4343",
                "peercred:check --uid 1 --action ' ' | command:view,connect",
                "peercred:audit --event ' ' | allowed,closed,command,denied,limited,lost,request,revoked"
            })
    void values_are_offered(String line, String expected) {
        assertEquals(expected, String.join(",", shell.values(line.replace("' '", ""))));
    }

    @Test
    void commands_that_a_policy_names_are_offered_as_actions() {
        control.policies.add(new PolicyReport(
                "command~board",
                new PolicyScope(Set.of("*"), Set.of("command:help", "command:*", "connect")),
                PolicyStatus.ACTIVE));
        assertEquals(
                List.of("command:help", "command:view", "connect"), shell.values("peercred:check --uid 1 --action "));
    }

    @Test
    void users_are_offered_by_name_and_those_heard_of_by_number() {
        for (String command : List.of("connections --uid ", "check --uid ", "audit --uid ")) {
            List<String> users = shell.values("peercred:" + command);
            assertTrue(users.containsAll(List.of("root", "1001", "1002", "4711")), users.toString());
        }
    }

    @Test
    void groups_are_offered_one_after_the_other() {
        assertTrue(shell.values("peercred:check --gid ").contains("root"));
        List<String> groups = shell.values("peercred:check --groups root,da");
        assertTrue(groups.contains("root,daemon"), groups.toString());
        assertFalse(shell.complete("peercred:check --groups root,da").get(0).complete(), "no blank: more may follow");
    }

    @Test
    void events_are_offered_one_after_the_other() {
        assertTrue(shell.values("peercred:audit --event denied,").contains("denied,revoked"));
    }

    @Test
    void living_processes_are_offered() {
        String self = Long.toString(ProcessHandle.current().pid());
        Candidate candidate = shell.complete("peercred:check --pid ").stream()
                .filter(c -> c.value().equals(self))
                .findFirst()
                .orElseThrow();
        assertEquals("java", candidate.descr());
    }

    @Test
    void options_are_offered() {
        assertTrue(shell.values("peercred:check --")
                .containsAll(List.of("--pid", "--uid", "--gid", "--groups", "--listener", "--action", "--no-format")));
    }

    @Test
    void what_is_offered_is_safe_on_a_terminal() {
        directory.listeners.add(new ListenerReport(
                "e\u001b[31m", "/x\u202e", true, Optional.empty(), Set.of(), ListenerReport.Counters.NONE));
        directory.listeners.add(
                new ListenerReport("fine", "/x\u202e", true, Optional.empty(), Set.of(), ListenerReport.Counters.NONE));
        assertEquals(List.of("command", "echo", "fine"), shell.values("peercred:listeners "));
        assertEquals("/x\\u202e", shell.complete("peercred:listeners ").get(2).descr());
        assertEquals(
                "shows\\u001b[31m it",
                shell.complete("peercred:check --action ").get(0).descr());
    }
}
