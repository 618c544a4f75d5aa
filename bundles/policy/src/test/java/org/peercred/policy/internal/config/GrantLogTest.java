/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.peercred.policy.internal.roles.RolesFixture.configured;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.kinds.CommandPolicy;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.Settings;

@Timeout(120)
class GrantLogTest {

    private final RolesFixture fixture = new RolesFixture();

    private static void logged(String line) {
        assertEquals(1, Logged.lines("INFO", line).size(), line);
    }

    @Test
    void who_is_taken_out_of_a_list_is_named_as_who_was_put_in() {
        UidPolicy policy =
                new UidPolicy(Settings.of("uid", "taken-out", "allow", "1001, 1002"), fixture, fixture, fixture);
        logged("Policy uid~taken-out is in force: listeners [*], actions [connect]; allow = 1001, 1002.");
        policy.update(Settings.of("uid", "taken-out", "allow", "1002, 1003", "listeners", "echo"));
        logged("Policy uid~taken-out is in force: listeners [echo], actions [connect]; allow = 1002, 1003. "
                + "Changed: allow: removed 1001, added 1003; listeners: added echo.");
        policy.update(Settings.of("uid", "taken-out", "listeners", "echo", "otherwise", "deny"));
        logged("Policy uid~taken-out is in force: listeners [echo], actions [connect]; otherwise = deny. "
                + "Changed: allow: removed 1002, 1003; otherwise: added deny.");
        policy.close();
        logged("Policy uid~taken-out is gone. Until now: listeners [echo], actions [connect]; otherwise = deny.");
    }

    @Test
    void who_is_taken_out_is_named_also_while_another_name_is_not_known() {
        UidPolicy policy =
                new UidPolicy(Settings.of("uid", "half-known", "allow", "1001, alice"), fixture, fixture, fixture);
        policy.update(Settings.of("uid", "half-known", "allow", "alice, ghost", "listeners", "echo"));
        logged("Policy uid~half-known grants less than before. Changed: allow: removed 1001.");
        policy.close();
        logged("Policy uid~half-known is gone. Until now: listeners [*], actions [connect]; allow = alice.");
    }

    @Test
    void a_policy_that_never_counted_is_told_of_when_it_goes() {
        new UidPolicy(Settings.of("uid", "never-good", "allow", "-1"), fixture, fixture, fixture).close();
        logged("Policy uid~never-good is gone. Until now: listeners [*], actions [connect]; it was rejected.");
    }

    @Test
    void who_loses_a_command_is_told() {
        CommandPolicy policy = new CommandPolicy(
                Settings.of("command", "told", "view", "viewer, editor", "update", "editor"),
                fixture.directory,
                fixture);
        policy.update(Settings.of("command", "told", "view", "editor"));
        logged("Policy command~told is in force: listeners [*], actions [command:view]; view = editor. "
                + "Changed: update: removed editor; view: removed viewer.");
        policy.close();
    }

    @Test
    void who_loses_a_role_is_told() {
        RolesConfiguration roles = fixture.configuration();
        roles.update(configured("told", "editor", "owner, user:alice", "viewer", "*", "listeners", "board, echo"));
        logged("Roles told are in force: listeners [board, echo]; editor = owner, user:alice; viewer = *.");
        roles.update(configured("told", "editor", "owner", "listeners", "board"));
        logged("Roles told are in force: listeners [board]; editor = owner. "
                + "Changed: editor: removed user:alice; listeners: removed echo; viewer: removed *.");
        roles.update(configured("told", "editor", "user:ghost"));
        logged("Roles told are less than before. Changed: editor: removed owner.");
        roles.close();
        logged("Roles told are gone. Until now: listeners [board]; editor = (none).");
        roles.close();
        logged("Roles told are gone.");
    }

    @Test
    void text_of_a_configuration_cannot_forge_a_line_of_the_log() {
        GrantLog log = new GrantLog(Set.of());
        assertEquals(
                "listeners [*]; allow = a\\u000ab$1.",
                log.inForce("listeners [*]", Map.of("allow", List.of("a\nb$1"))));
    }

    @Test
    void nothing_in_a_list_ends_a_line_or_hides() {
        GrantLog log = new GrantLog(Set.of());
        String hidden = "al\u2028ice\u202e\u3164" + Character.toString(0xe0001);
        assertEquals(
                "listeners [*]; allow = al\\u2028ice\\u202e\\u3164\\udb40\\udc01.",
                log.inForce("listeners [*]", Map.of("allow", List.of(hidden))));
    }
}
