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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.common.testing.FakeRoles;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.UserDatabase;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:check} for given facts. */
@Timeout(120)
class CheckTest {

    private final FakeControl control = new FakeControl();
    private final FakeDirectory directory = new FakeDirectory();
    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell();
        directory.on("@");
        shell.services.add(AccessControl.class, control);
        shell.services.add(ListenerDirectory.class, directory);
        shell.services.add(UserDatabase.class, Shell.users());
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
        assertTrue(output.contains("uid     | given         | 1001 (alice)"), output);
        assertTrue(output.contains("Listener echo, action connect\nNote: It waits.\n"), output);
        assertFalse(output.contains("other"), output);
        assertTrue(output.contains("socket  | @echo     | allow   |         | an abstract socket is no file"), output);
        assertTrue(output.contains("connect | superuser | abstain |         | not root"), output);
        assertTrue(output.contains("connect | uid~team  | allow   | yes     | the uid is on the list"), output);
        assertTrue(output.endsWith("Allowed by uid~team: the uid is on the list\n"), output);
        assertEquals(0, result.status());
    }

    @Test
    void all_shows_what_does_not_cover_it_too() {
        String output =
                shell.run("peercred:check --uid alice --listener echo --all").output();
        assertTrue(output.contains("connect | other     | -       |         | does not cover it"), output);
    }

    @Test
    void a_listener_that_no_policy_covers_says_so() {
        control.opinions = List.of();
        String output =
                shell.run("peercred:check --uid alice --no-format -l echo").output();
        assertTrue(output.contains("echo\tconnect\t(no policy)\t-\t\tnone covers it\n"), output);
    }

    @Test
    void who_may_not_connect_runs_no_command() {
        control.refusesToConnect = 1001;
        Result result = shell.run("peercred:check --uid alice --listener echo --action command:view");
        String output = result.output();
        assertTrue(output.contains("\nDenied at connect by superuser: no entry\nDenied on echo.\n"), output);
        assertTrue(output.contains("connect      | superuser | deny    | yes     | no entry"), output);
        assertTrue(output.contains("command:view | uid~team  | allow   | yes     | the uid is on the list"), output);
        assertEquals(1, result.status());
        assertEquals(
                List.of("connect", "command:view"),
                control.requests.stream().map(AccessRequest::action).toList());
    }

    @Test
    void an_action_that_there_cannot_be_is_refused() {
        Result result = shell.run("peercred:check --uid alice --action view");
        assertEquals("An action is connect, or command:NAME, not view.\n", result.output());
        assertEquals(1, result.status());
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
                        "echo\tsocket\t@echo\tallow\t\tan abstract socket is no file: every local process can reach it",
                        "echo\tconnect\tsuperuser\tabstain\t\tnot root",
                        "echo\tconnect\tuid~team\tallow\tyes\tthe uid is on the list"),
                shell.run("peercred:check --no-format --uid 1001 -l echo").lines());
    }

    @Test
    void what_was_asked_reaches_the_policies() {
        shell.run("peercred:check --uid 1001 --gid staff --groups 10,staff,20 -l echo --action command:view");
        AccessRequest request = control.requests.get(1);
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
    void groups_that_are_not_given_are_those_of_the_user_database() {
        Result result = shell.run("peercred:check --uid alice -l echo");
        Peer peer = control.requests.get(0).peer();
        assertEquals(50, peer.gid());
        assertEquals(Optional.of(Set.of(50L, 60L)), peer.groups().value());
        assertTrue(result.output().contains("gid     | user database | 50 (staff)\n"), result.output());
        assertTrue(result.output().contains("groups  | user database | 50 (staff), 60\n"), result.output());
        shell.run("peercred:check --uid alice --gid 7 -l echo");
        peer = control.requests.get(1).peer();
        assertEquals(7, peer.gid());
        assertEquals(Optional.of(Set.of(7L, 50L, 60L)), peer.groups().value());
        shell.run("peercred:check --uid alice --groups 8 -l echo");
        peer = control.requests.get(2).peer();
        assertEquals(50, peer.gid());
        assertEquals(Optional.of(Set.of(8L, 50L)), peer.groups().value());
    }

    @ParameterizedTest
    @CsvSource({
        "5,the user database does not know user 5; --groups gives them",
        "1002,The name service does not answer.; --groups gives them"
    })
    void facts_that_nobody_knows_are_absent_and_shown_so(String uid, String why) {
        Result result = shell.run("peercred:check -l echo --uid " + uid);
        Peer peer = control.requests.get(0).peer();
        assertEquals(why, peer.groups().absence());
        assertEquals(SupposedPeer.NO_GROUP, peer.gid());
        assertTrue(result.output().contains("gid     | not known |\n"), result.output());
        assertTrue(result.output().contains("groups  | not known | " + why + "\n"), result.output());
        assertTrue(result.output().contains("process | not given |\n"), result.output());
    }

    @Test
    void a_first_group_alone_says_nothing_of_the_others() {
        shell.run("peercred:check --uid 5 --gid 50 -l echo");
        assertTrue(control.requests.get(0).peer().groups().value().isEmpty());
        assertEquals(50, control.requests.get(0).peer().gid());
    }

    @Test
    void roles_are_shown_where_there_are_any() {
        shell.services.add(RoleDirectory.class, new FakeRoles());
        String output = shell.run("peercred:check --uid 1001 -l echo").output();
        assertTrue(output.contains("\nRoles here: reader, writer\n"), output);
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
                0,
                new ListenerReport(
                        "a\u001b[2J", "@x", true, Optional.of("b\nAllowed"), Set.of(), ListenerReport.Counters.NONE));
        String output = shell.run("peercred:check --uid 0").output();
        assertTrue(output.contains("Listener a\\u001b[2J, action connect\nNote: b\\u000aAllowed\n"), output);
        assertTrue(output.endsWith("Denied on a\\u001b[2J, echo.\n"), output);
    }

    @Test
    void nobody_is_allowed_by_a_listener_that_does_not_listen() {
        directory.listeners.clear();
        directory.listeners.add(new ListenerReport(
                "busy", "@x", false, Optional.of("another program"), Set.of(), ListenerReport.Counters.NONE));
        Result result = shell.run("peercred:check --uid 1001");
        assertTrue(
                result.output()
                        .contains("Denied on the way to the socket, at @x: the listener busy does not listen there\n"),
                result.output());
        assertEquals(1, result.status());
        assertEquals(1, shell.run("peercred:check --no-format --uid 1001").status());
    }
}
