/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.peercred.policy.internal.roles.RolesFixture.configured;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.Settings;

/** A slip of the pen in a file opens no door. */
@Timeout(120)
class SlipsTest {

    private static final String FILE = "etc/org.peercred.policy.uid-team.cfg: ";

    private final RolesFixture fixture = new RolesFixture();

    private static UidPolicy policy(Object... settings) {
        return new UidPolicy(
                Settings.of("uid", "team", settings), new FakeUsers(), new FakeCredentials(1000), new FakeBackground());
    }

    private static Effect effect(UidPolicy policy, String listener) {
        return policy.evaluate(FakePeer.uid(1001).connect(listener)).effect();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "listener",
                "Listeners",
                "listners",
                "\ufefflisteners",
                "\u00ef\u00bb\u00bflisteners",
                "listeners\u00a0"
            })
    void a_mistyped_scope_grants_nobody_anything_and_says_what_was_meant(String key) {
        UidPolicy policy = policy("allow", "1001", key, "echo");
        assertEquals(State.REJECTED, policy.status().state());
        assertEquals(PolicyScope.EVERYTHING, policy.scope());
        assertEquals(Effect.DENY, effect(policy, "other"));
        assertEquals(Effect.DENY, effect(policy, "echo"));
        String problem = policy.status().problem().orElseThrow();
        assertTrue(problem.startsWith(FILE + "unknown key "), problem);
        assertTrue(problem.endsWith("; did you mean listeners?"), problem);
    }

    @Test
    void a_byte_order_mark_is_told_by_its_name() {
        assertEquals(
                Optional.of(
                        FILE + "unknown key \\ufefflisteners: it begins with a byte order mark, which an editor put at"
                                + " the beginning of the file; did you mean listeners?"),
                policy("allow", "1001", "\u00ef\u00bb\u00bflisteners", "echo")
                        .status()
                        .problem());
    }

    @Test
    void a_change_with_an_unknown_key_leaves_the_last_good_one_scope_included() {
        UidPolicy policy = policy("allow", "1001", "listeners", "echo");
        policy.modified(Settings.of("uid", "team", "allow", "1001, 1002", "listener", "echo"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals(Set.of("echo"), policy.scope().listeners());
        assertEquals(Effect.ALLOW, effect(policy, "echo"));
        policy.modified(Settings.of("uid", "team", "allow", "1001", "listeners", "other"));
        assertEquals(PolicyStatus.ACTIVE, policy.status());
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        assertEquals(
                Optional.of(FILE + "unknown key otherwize; did you mean otherwise? "
                        + FILE + "listeners = : name at least one listener, or * for all. "
                        + FILE + "actions = all: it must be connect, command:NAME, command:* or *. "
                        + FILE + "otherwise = no: it must be abstain or deny. "
                        + FILE + "allow = 9-8: a range goes from the lesser to the greater id. "
                        + FILE + "allow = *: a list does not know *; for every user write the range 0-4294967294."),
                policy(
                                "allow",
                                "1001, 9-8, *",
                                "otherwise",
                                "no",
                                "otherwize",
                                "deny",
                                "listeners",
                                "",
                                "actions",
                                "all")
                        .status()
                        .problem());
    }

    @Test
    void a_note_of_the_operators_own_counts_as_none() {
        UidPolicy policy = policy("allow", "1001", "x-ticket", "4711", "x-listeners", "echo");
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        fixture.configuration().update(configured("a", "editor", "uid:1", "x-who", "the board, until May"));
        assertEquals(Set.of("editor"), fixture.of(FakePeer.uid(1)));
        CommandPolicy commands = command("view", "editor", "x-why", "a note, and no command");
        assertEquals(PolicyStatus.ACTIVE, commands.status());
        assertEquals(Set.of("command:view"), commands.scope().actions());
    }

    @Test
    void what_is_left_empty_by_a_variable_that_is_not_set_is_not_taken_for_consent() {
        UidPolicy policy = policy("allow", "1001", "otherwise", " ");
        assertEquals(Effect.DENY, effect(policy, "echo"));
        assertEquals(
                Optional.of(FILE + "otherwise = : it must be abstain or deny."),
                policy.status().problem());
    }

    private CommandPolicy command(String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>(configured("x", keysAndValues));
        properties.put("service.pid", "org.peercred.policy.command~board");
        properties.put("felix.fileinstall.filename", "file:/etc/org.peercred.policy.command-board.cfg");
        return new CommandPolicy(properties, fixture.directory, fixture);
    }

    @ParameterizedTest
    @CsvSource({"listener,listeners", "Listeners,listeners", "names,name", "\ufeffview,view"})
    void a_slip_in_a_reserved_key_is_no_command(String key, String meant) {
        CommandPolicy policy = command("view", "viewer", key, "echo");
        assertEquals(PolicyScope.EVERYTHING, policy.scope());
        assertEquals(State.REJECTED, policy.status().state());
        String problem = policy.status().problem().orElseThrow();
        assertTrue(problem.contains("did you mean " + meant + "?"), problem);
    }

    @ParameterizedTest
    @CsvSource({
        "Name,name",
        "names,name",
        "listener,listeners",
        "Listeners,listeners",
        "listenres,listeners",
        "\ufeffeditor,editor",
        "\u00ef\u00bb\u00bfname,name",
        "ed\u200bitor,editor"
    })
    void a_slip_in_a_reserved_key_is_no_role(String key, String meant) {
        fixture.configuration().update(configured("a", "viewer", "*", key, "*"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1)));
        PolicyStatus status = fixture.directory.configurations().get(0).status();
        assertEquals(State.REJECTED, status.state());
        String problem = status.problem().orElseThrow();
        assertTrue(problem.startsWith("etc/org.peercred.roles-a.cfg: unknown key "), problem);
        assertTrue(problem.endsWith("did you mean " + meant + "?"), problem);
    }

    @Test
    void all_that_is_wrong_with_roles_or_commands_is_told_at_once() {
        fixture.configuration().update(configured("a", "Name", "x", "editor", "uid:x, person:y", "the boss", "*"));
        String file = "etc/org.peercred.roles-a.cfg: ";
        String problem =
                fixture.directory.configurations().get(0).status().problem().orElseThrow();
        for (String part : new String[] {
            file + "unknown key Name; did you mean name?",
            file + "editor = uid:x: a number from 0 to 4294967294 is expected.",
            file + "editor = person:y: user:NAME",
            file + "the boss = *: a role is called by"
        }) {
            assertTrue(problem.contains(part), problem);
        }
        String commands = command("Generation", "viewer", "halt", "a b")
                .status()
                .problem()
                .orElseThrow();
        assertTrue(commands.contains("Generation = viewer: a command is called by"), commands);
        assertTrue(commands.contains("halt = a b: names of roles are expected"), commands);
    }
}
