/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.peercred.policy.internal.roles.RolesFixture.configured;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FixedPolicy;

@Timeout(120)
class CommandPolicyTest {

    private static final long EDITOR = 1001;
    private static final long VIEWER = 1002;
    private static final long STRANGER = 1003;

    private final RolesFixture fixture = new RolesFixture();
    private final RolesConfiguration roles = fixture.configuration();
    private final Decisions decisions = new Decisions();

    @BeforeEach
    void give_roles() {
        roles.update(configured("team", "editor", "uid:1001", "viewer", "uid:1001, uid:1002"));
    }

    private static Map<String, Object> commands(String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>(configured("x", keysAndValues));
        properties.put("service.pid", "org.peercred.policy.command~board");
        properties.put("felix.fileinstall.filename", "file:/etc/org.peercred.policy.command-board.cfg");
        return properties;
    }

    private CommandPolicy policy(String... keysAndValues) {
        CommandPolicy policy = new CommandPolicy(commands(keysAndValues), fixture.directory, fixture);
        decisions.add(policy, policy);
        return policy;
    }

    private Decision decide(long uid, String command) {
        return decisions.decide(FakePeer.uid(uid).command("command", command));
    }

    private boolean mayRun(long uid, String command) {
        return decide(uid, command).allowed();
    }

    @Test
    void lets_one_user_update_and_the_others_only_view() {
        CommandPolicy policy = policy("update", "editor", "view", "viewer, editor");
        assertEquals("command~board", policy.id());
        assertTrue(mayRun(EDITOR, "update"));
        assertTrue(mayRun(EDITOR, "view"));
        assertTrue(mayRun(VIEWER, "view"));
        assertFalse(mayRun(VIEWER, "update"));
        assertFalse(mayRun(STRANGER, "view"));
        assertFalse(mayRun(STRANGER, "update"));
    }

    @Test
    void a_role_that_counts_on_another_listener_runs_no_command_here() {
        policy("view", "viewer");
        assertTrue(mayRun(VIEWER, "view"));
        long before = decisions.generation();
        roles.update(configured("team", "viewer", "uid:1002", "listeners", "notices"));
        decisions.reconsider();
        assertTrue(decisions.generation() > before);
        assertFalse(mayRun(VIEWER, "view"));
        assertTrue(decisions
                .decide(FakePeer.uid(VIEWER).command("notices", "view"))
                .allowed());
    }

    @Test
    void says_which_role_decided() {
        policy("update", "editor");
        Decision allowed = decide(EDITOR, "update");
        assertEquals("the peer has the role editor", allowed.reason());
        assertEquals(Optional.of("command~board"), allowed.policy());
        assertEquals(
                "the peer has no role that may run it (editor)",
                decide(VIEWER, "update").reason());
    }

    @Test
    void covers_the_commands_that_it_lists_and_never_the_connection() {
        CommandPolicy policy = policy("update", "editor", "view", "viewer");
        assertEquals(new PolicyScope(Set.of("*"), Set.of("command:update", "command:view")), policy.scope());
        assertFalse(mayRun(EDITOR, "help"));
        assertFalse(decisions.decide(FakePeer.uid(EDITOR).connect("command")).allowed());
    }

    @Test
    void takes_a_command_named_connect_for_a_command() {
        CommandPolicy policy = policy("connect", "editor");
        assertEquals(Set.of("command:connect"), policy.scope().actions());
        assertTrue(mayRun(EDITOR, "connect"));
        assertFalse(decisions.decide(FakePeer.uid(EDITOR).connect("command")).allowed());
    }

    @Test
    void takes_a_command_named_actions_for_a_command() {
        policy("actions", "editor");
        assertTrue(mayRun(EDITOR, "actions"));
        assertFalse(mayRun(VIEWER, "actions"));
    }

    @Test
    void lets_a_star_stand_for_the_commands_that_are_not_named() {
        policy("*", "viewer", "update", "editor");
        assertTrue(mayRun(VIEWER, "anything"));
        assertTrue(mayRun(EDITOR, "update"));
        assertFalse(mayRun(VIEWER, "update"));
        assertFalse(decisions.decide(FakePeer.uid(VIEWER).connect("command")).allowed());
    }

    @Test
    void lets_nobody_run_a_command_without_roles() {
        policy("*", "editor", "halt", "");
        assertFalse(mayRun(EDITOR, "halt"));
        assertTrue(mayRun(EDITOR, "view"));
    }

    @Test
    void covers_the_named_listeners_only() {
        policy("view", "viewer", "listeners", "other");
        assertFalse(mayRun(VIEWER, "view"));
        assertTrue(
                decisions.decide(FakePeer.uid(VIEWER).command("other", "view")).allowed());
    }

    @Test
    void abstains_so_that_another_policy_may_allow_and_one_that_denies_overrides() {
        CommandPolicy policy = policy("view", "viewer");
        assertEquals(
                Effect.ABSTAIN,
                policy.evaluate(FakePeer.uid(STRANGER).command("command", "view"))
                        .effect());
        decisions.add("other", FixedPolicy.allow("other").on("*", "command:*"));
        assertTrue(mayRun(STRANGER, "view"));
        decisions.add("deny", FixedPolicy.deny("deny").on("*", "command:view"));
        assertFalse(mayRun(VIEWER, "view"));
    }

    @Test
    void follows_a_change_of_roles_at_once() {
        policy("update", "editor");
        assertTrue(mayRun(EDITOR, "update"));
        roles.update(configured("team", "editor", "uid:1003"));
        assertFalse(mayRun(EDITOR, "update"));
        assertTrue(mayRun(STRANGER, "update"));
        roles.close();
        assertFalse(mayRun(STRANGER, "update"));
    }

    @Test
    void follows_a_change_of_its_own_at_once() {
        CommandPolicy policy = policy("update", "editor");
        long before = decisions.generation();
        policy.modified(commands("update", "viewer"));
        assertTrue(mayRun(VIEWER, "update"));
        assertTrue(decisions.generation() > before);
    }

    @ParameterizedTest
    @CsvSource({
        "Update,editor,Update = editor",
        "update now,editor,update now = editor",
        "update[/x/],editor,update[/x/] = editor",
        "upd*,editor,upd* = editor",
        "update,two words,update = two words",
        "update,*,update = *"
    })
    void denies_every_command_that_a_first_configuration_may_have_meant(String key, String value, String said) {
        CommandPolicy policy = policy("view", "viewer", key, value);
        assertEquals(State.REJECTED, policy.status().state());
        String problem = policy.status().problem().orElseThrow();
        assertTrue(problem.startsWith("etc/org.peercred.policy.command-board.cfg: " + said + ": "), problem);
        decisions.add("other", FixedPolicy.allow("other").on("*", "*"));
        assertFalse(mayRun(VIEWER, "view"));
        assertTrue(decisions.decide(FakePeer.uid(VIEWER).connect("echo")).allowed());
    }

    @Test
    void keeps_the_last_good_configuration_scope_included() {
        CommandPolicy policy = policy("view", "viewer");
        policy.modified(commands("view", "viewer", "Update", "editor"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(Set.of("command:view"), policy.scope().actions());
        assertTrue(mayRun(VIEWER, "view"));
    }

    @Test
    void denies_everything_when_its_listeners_cannot_be_read() {
        CommandPolicy policy = policy("view", "viewer", "listeners", "");
        assertEquals(PolicyScope.EVERYTHING, policy.scope());
        assertEquals(State.REJECTED, policy.status().state());
        assertFalse(mayRun(VIEWER, "view"));
    }
}
