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
import org.peercred.access.AccessRequest;
import org.peercred.access.RoleDirectory;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:check} for given facts. */
@Timeout(60)
class CheckTest {

    private final FakeControl control = new FakeControl();
    private final FakeDirectory directory = new FakeDirectory();
    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell();
        shell.services.add(AccessControl.class, control);
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(UserDatabase.class, new FakeUsers());
    }

    @AfterEach
    void stop() {
        shell.close();
        assertEquals(0, shell.services.held(), "services not given back");
    }

    @Test
    void allowed_succeeds_and_shows_what_every_policy_said() {
        Result result = shell.run("peercred:check --uid alice --listener echo");
        String output = result.output();
        assertTrue(output.startsWith("What would be decided for somebody with these facts:\n"), output);
        assertTrue(output.contains("uid     | given     | 1001 (alice)"), output);
        assertTrue(output.contains("Listener echo, action connect\nNote: It waits.\n"), output);
        assertTrue(output.contains("other     | no     | -       |         | does not cover it"), output);
        assertTrue(output.contains("superuser | yes    | abstain |         | not root"), output);
        assertTrue(output.contains("uid~team  | yes    | allow   | yes     | the uid is on the list"), output);
        assertTrue(output.endsWith("Allowed by uid~team: the uid is on the list\n"), output);
        assertEquals(0, result.status());
    }

    @Test
    void denied_fails_with_a_sentence_and_no_stack() {
        Result result = shell.run("peercred:check --uid 0 --listener echo");
        assertTrue(
                result.output().endsWith("Denied by superuser: UID mismatch (0 != 1000)\nDenied on echo.\n"),
                result.output());
        assertFalse(result.output().contains("Exception"), result.output());
        assertEquals(1, result.status());
    }

    @Test
    void denied_for_want_of_a_grant_says_so() {
        Result result = shell.run("peercred:check --uid 5 --listener echo");
        assertTrue(
                result.output().contains("Denied, as no policy allows it; uid~team says: not on the list\n"),
                result.output());
        assertEquals(1, result.status());
    }

    @Test
    void what_follows_a_denial_in_a_script_is_not_done() {
        assertTrue(shell.run("peercred:check --uid 1001 -l echo && echo go-on")
                .output()
                .endsWith("go-on\n"));
        assertFalse(shell.run("peercred:check --uid 0 -l echo && echo go-on")
                .output()
                .contains("go-on"));
        assertFalse(
                shell.run("peercred:check --uid 0 -l echo; echo go-on").output().contains("go-on"));
    }

    @Test
    void without_a_listener_all_must_allow() {
        Result result = shell.run("peercred:check --uid 1001");
        assertTrue(
                result.output().contains("Listener command, action connect, required policies owner\n"),
                result.output());
        assertTrue(result.output().contains("Denied: required policy owner is missing\n"), result.output());
        assertTrue(result.output().contains("Allowed by uid~team"), result.output());
        assertTrue(result.output().endsWith("Denied on command.\n"), result.output());
        assertEquals(1, result.status());
        assertEquals(Set.of("owner"), control.requests.get(0).requiredPolicies());
        assertEquals(Set.of(), control.requests.get(1).requiredPolicies());
    }

    @Test
    void scripts_get_a_row_for_every_policy() {
        assertEquals(
                List.of(
                        "echo\tother\tno\t-\t\tdoes not cover it",
                        "echo\tsuperuser\tyes\tabstain\t\tnot root",
                        "echo\tuid~team\tyes\tallow\tyes\tthe uid is on the list"),
                shell.run("peercred:check --no-format --uid 1001 -l echo").lines());
    }

    @Test
    void what_was_asked_reaches_the_policies() {
        shell.run("peercred:check --uid 1001 --gid staff --groups 10,staff,20 -l echo --action command:view");
        AccessRequest request = control.requests.get(0);
        assertEquals("echo", request.listener());
        assertEquals("command:view", request.action());
        Peer peer = request.peer();
        assertEquals(1001, peer.uid());
        assertEquals(50, peer.gid());
        assertEquals(Optional.of(Set.of(10L, 20L, 50L)), peer.groups().value());
        assertEquals(Grade.OBSERVED, peer.groups().grade());
        assertTrue(peer.pid().isEmpty());
        assertTrue(peer.process().value().isEmpty());
        assertTrue(peer.securityLabel().value().isEmpty());
    }

    @Test
    void facts_not_given_are_absent_and_shown_so() {
        Result result = shell.run("peercred:check --uid 1001 -l echo");
        Peer peer = control.requests.get(0).peer();
        assertEquals("the groups are not given", peer.groups().absence());
        assertEquals(SupposedPeer.NO_GROUP, peer.gid());
        assertTrue(result.output().contains("gid     | not given |\n"), result.output());
        assertTrue(result.output().contains("groups  | not given | the groups are not given\n"), result.output());
        assertTrue(result.output().contains("process | not given |\n"), result.output());
    }

    @Test
    void a_first_group_alone_says_nothing_of_the_others() {
        shell.run("peercred:check --uid 1001 --gid 50 -l echo");
        assertTrue(control.requests.get(0).peer().groups().value().isEmpty());
        assertEquals(50, control.requests.get(0).peer().gid());
    }

    @Test
    void roles_are_shown_where_there_are_any() {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        String output = shell.run("peercred:check --uid 1001 -l echo").output();
        assertTrue(output.contains("roles   | configured | reader, writer"), output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--pid 1 --uid 1", "--pid 1 --gid 1", "--pid 1 --groups 1", "--gid 1", "--groups 1"})
    void it_must_be_clear_who_is_meant(String options) {
        Result result = shell.run("peercred:check " + options);
        assertEquals("Say who: either --pid, or --uid with --gid and --groups where they matter.\n", result.output());
        assertEquals(1, result.status());
        assertTrue(control.requests.isEmpty());
    }

    @Test
    void an_unknown_listener_or_name_fails() {
        assertEquals(1, shell.run("peercred:check --uid 1001 --listener eco").status());
        assertEquals(1, shell.run("peercred:check --uid bob --listener echo").status());
        assertEquals(
                "There is no group named \"x\".\n",
                shell.run("peercred:check --uid 1 --groups 10,x -l echo").output());
        directory.listeners.clear();
        assertEquals(
                "There is no listener, so there is nothing to connect to.\n",
                shell.run("peercred:check --uid 1001").output());
        assertTrue(control.requests.isEmpty());
    }

    @Test
    void texts_of_others_cannot_forge_the_report() {
        directory.listeners.set(
                0, new ListenerReport("a\u001b[2J", "/x", Optional.of("b\nAllowed"), 0, 0, 0, 0, 0, 0, 0));
        String output = shell.run("peercred:check --uid 0").output();
        assertTrue(output.contains("Listener a\\u001b[2J, action connect\nNote: b\\u000aAllowed\n"), output);
        assertTrue(output.endsWith("Denied on a\\u001b[2J, echo.\n"), output);
    }
}
