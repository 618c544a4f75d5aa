/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.peercred.policy.internal.roles.RolesFixture.configured;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.RolesReport;
import org.peercred.common.testing.Logged;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.testing.FakePeer;

@Timeout(120)
class RolesTest {

    private final RolesFixture fixture = new RolesFixture();
    private final RolesConfiguration roles = fixture.configuration();

    private Set<String> rolesOf(long uid) {
        return fixture.of(FakePeer.uid(uid));
    }

    @Test
    void gives_roles_by_user_name_and_number() {
        roles.update(configured("a", "editor", "user:alice, uid:1002"));
        assertEquals(Set.of("editor"), rolesOf(1001));
        assertEquals(Set.of("editor"), rolesOf(1002));
        assertEquals(Set.of(), rolesOf(1003));
        assertEquals(Set.of(), rolesOf(0));
    }

    @Test
    void gives_roles_by_any_group_of_the_peer() {
        roles.update(configured("a", "staff", "group:wheel", "ops", "gid:2000"));
        assertEquals(Set.of("staff"), fixture.of(FakePeer.uid(5).inGroups(5L, 10L)));
        assertEquals(Set.of("ops"), fixture.of(FakePeer.uid(2000)));
        assertEquals(Set.of("staff", "ops"), fixture.of(FakePeer.uid(2000).inGroups(10L)));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(5).noGroups("the kernel does not tell")));
    }

    @Test
    void asks_for_groups_only_where_a_role_depends_on_them() {
        roles.update(configured("a", "editor", "user:alice", "everybody", "*"));
        FakePeer peer = FakePeer.uid(1001);
        assertEquals(Set.of("editor", "everybody"), fixture.of(peer));
        assertEquals(0, peer.groupsAsked);
    }

    @Test
    void gives_the_owner_role_to_the_user_of_the_daemon_alone() {
        roles.update(configured("a", "boss", "owner"));
        assertEquals(Set.of("boss"), rolesOf(RolesFixture.DAEMON));
        assertEquals(Set.of(), rolesOf(0));
    }

    @Test
    void gives_the_overflow_id_no_role_at_all() {
        fixture.daemon = RolesFixture.NOBODY;
        roles.update(configured(
                "a",
                "r1",
                "user:nobody",
                "r2",
                "uid:65534",
                "r3",
                "gid:65534",
                "r4",
                "group:nogroup",
                "r5",
                "owner",
                "r6",
                "*"));
        assertEquals(Set.of(), rolesOf(RolesFixture.NOBODY));
        assertEquals(Set.of("r6"), fixture.of(FakePeer.uid(7).inGroups(RolesFixture.NOBODY)));
        assertTrue(Logged.lines("org.peercred.roles-a.cfg: r1 = user:nobody", "is given no role")
                        .size()
                > 0);
    }

    @Test
    void gives_no_role_where_the_kernel_names_no_peer() {
        roles.update(configured("a", "everybody", "*"));
        assertEquals(Set.of("everybody"), rolesOf(1));
        assertEquals(Set.of(), rolesOf(Peer.NO_PEER));
    }

    @Test
    void merges_all_configurations_and_takes_away_what_is_deleted() {
        RolesConfiguration other = fixture.configuration();
        roles.update(configured("a", "editor", "uid:1", "viewer", "uid:1"));
        other.update(configured("b", "editor", "uid:2"));
        assertEquals(Set.of("editor", "viewer"), rolesOf(1));
        assertEquals(Set.of("editor"), rolesOf(2));
        roles.close();
        assertEquals(Set.of(), rolesOf(1));
        assertEquals(Set.of("editor"), rolesOf(2));
    }

    @Test
    void tells_of_every_change_and_of_nothing_else() {
        roles.update(configured("a", "editor", "uid:1"));
        assertEquals(1, fixture.changes);
        roles.update(configured("a", "editor", "uid:1"));
        roles.update(configured("a", "editor", "uid:1, uid:1"));
        assertEquals(1, fixture.changes);
        roles.update(configured("a", "editor", "uid:2"));
        assertEquals(2, fixture.changes);
        roles.close();
        assertEquals(3, fixture.changes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                "uid:",
                "uid:x",
                "uid:-1",
                "uid:4294967295",
                "uid:99999999999999999999",
                "user:",
                "user:a b",
                "group:a\u00a0b",
                "user:-a",
                "person:alice",
                "OWNER",
                "user:ghost",
                "group:ghost"
            })
    void gives_no_role_by_a_first_configuration_that_cannot_be_understood(String value) {
        roles.update(configured("bad", "viewer", "*", "editor", value));
        assertEquals(Set.of(), rolesOf(1001));
        RolesReport report = fixture.directory.configurations().get(0);
        assertEquals(State.REJECTED, report.status().state());
        assertTrue(report.status().problem().orElseThrow().startsWith("etc/org.peercred.roles-bad.cfg: editor = "));
        assertTrue(report.status().problem().orElseThrow().endsWith("."));
    }

    @Test
    void refuses_a_key_that_cannot_be_a_role() {
        roles.update(configured("a", "the editor", "*"));
        assertEquals(
                State.REJECTED,
                fixture.directory.configurations().get(0).status().state());
    }

    @Test
    void keeps_the_last_good_roles_when_a_change_cannot_be_understood() {
        roles.update(configured("a", "editor", "uid:1"));
        roles.update(configured("a", "editor", "uid:2, uid:x"));
        assertEquals(Set.of("editor"), rolesOf(1));
        assertEquals(Set.of(), rolesOf(2));
        RolesReport report = fixture.directory.configurations().get(0);
        assertEquals("a", report.name());
        assertEquals(Set.of("editor"), report.roles());
        assertEquals(State.LAST_GOOD, report.status().state());
        roles.update(configured("a", "editor", "uid:2"));
        assertEquals(Set.of("editor"), rolesOf(2));
        String file = "etc/org.peercred.roles-a.cfg";
        assertEquals(
                List.of(new RolesReport(
                        "a", file, Set.of("*"), Map.of("editor", List.of("uid:2")), PolicyStatus.ACTIVE)),
                fixture.directory.configurations());
    }

    @Test
    void asks_a_name_service_that_does_not_answer_again_until_it_does() {
        fixture.nameServiceAnswers = false;
        roles.update(configured("a", "editor", "user:alice"));
        assertEquals(Set.of(), rolesOf(1001));
        assertTrue(fixture.directory
                .configurations()
                .get(0)
                .status()
                .problem()
                .orElseThrow()
                .contains("asked again"));
        fixture.pass();
        assertEquals(Set.of(), rolesOf(1001));
        fixture.nameServiceAnswers = true;
        fixture.pass();
        assertEquals(Set.of("editor"), rolesOf(1001));
        assertEquals(List.of(), fixture.later);
    }

    @Test
    void gives_the_roles_of_those_who_are_known_while_a_name_service_is_not_up_yet() {
        fixture.nameServiceAnswers = false;
        roles.update(configured("a", "editor", "owner, user:alice", "viewer", "group:domain users"));
        assertEquals(Set.of("editor"), rolesOf(RolesFixture.DAEMON));
        assertEquals(Set.of(), rolesOf(1001));
        assertEquals(
                State.REJECTED,
                fixture.directory.configurations().get(0).status().state());
        fixture.groups.put("domain users", 513L);
        fixture.nameServiceAnswers = true;
        fixture.pass();
        assertEquals(Set.of("editor"), rolesOf(1001));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(5).inGroups(513L)));
    }

    @Test
    void takes_what_was_removed_while_a_name_service_is_slow_and_then_gives_the_new_roles() {
        roles.update(configured("a", "editor", "uid:1, uid:2"));
        fixture.slow = true;
        roles.update(configured("a", "editor", "uid:1, user:alice"));
        assertEquals(Set.of("editor"), rolesOf(1));
        assertEquals(Set.of(), rolesOf(2));
        assertEquals(Set.of(), rolesOf(1001));
        fixture.pass();
        assertEquals(Set.of("editor"), rolesOf(1));
        assertEquals(Set.of("editor"), rolesOf(1001));
    }

    @Test
    void who_is_removed_loses_a_role_at_once_even_where_another_name_is_not_known() {
        roles.update(
                configured("a", "editor", "uid:1, uid:2, user:alice, group:wheel", "viewer", "*", "gone", "uid:1"));
        fixture.nameServiceAnswers = false;
        roles.update(configured(
                "a", "editor", "uid:2, user:alice, user:ghost", "viewer", "uid:2, gid:7, user:alice", "new", "uid:2"));
        assertEquals(Set.of(), rolesOf(1));
        assertEquals(Set.of("editor", "viewer"), rolesOf(2));
        assertEquals(Set.of("editor", "viewer"), rolesOf(1001));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(3).inGroups(10L)));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(3).inGroups(7L)));
        RolesReport report = fixture.directory.configurations().get(0);
        assertEquals(State.LAST_GOOD, report.status().state());
        assertTrue(
                report.status().problem().orElseThrow().endsWith("What was removed from the lists no longer counts."));
        fixture.nameServiceAnswers = true;
        fixture.pass();
        assertEquals(Set.of(), rolesOf(1));
        fixture.users.put("ghost", 1005L);
        fixture.pass();
        assertEquals(Set.of("editor"), rolesOf(1005));
        assertEquals(Set.of("editor", "viewer", "new"), rolesOf(2));
        assertEquals(List.of(), fixture.later);
    }

    @Test
    void looks_for_an_unknown_name_again_until_it_is_known() {
        roles.update(configured("a", "editor", "user:ghost"));
        assertEquals(Set.of(), rolesOf(1005));
        fixture.pass();
        fixture.users.put("ghost", 1005L);
        fixture.pass();
        assertEquals(Set.of("editor"), rolesOf(1005));
    }

    @Test
    void forgets_a_lookup_that_a_newer_configuration_has_overtaken() {
        fixture.slow = true;
        roles.update(configured("a", "editor", "user:alice"));
        roles.update(configured("a", "viewer", "uid:5"));
        fixture.pass();
        assertEquals(Set.of(), rolesOf(1001));
        assertEquals(Set.of("viewer"), rolesOf(5));
    }

    @Test
    void drops_the_answer_to_a_lookup_that_was_overtaken_while_it_was_made() {
        fixture.whileAsked = () -> roles.update(configured("a", "viewer", "uid:5"));
        roles.update(configured("a", "editor", "user:alice"));
        assertEquals(Set.of(), rolesOf(1001));
        assertEquals(Set.of("viewer"), rolesOf(5));
        fixture.whileAsked = roles::close;
        roles.update(configured("a", "editor", "user:alice"));
        assertEquals(Set.of(), rolesOf(1001));
    }

    @Test
    void has_decisions_reconsidered_when_roles_change() {
        Decisions decisions = new Decisions();
        RolesComponent component =
                new RolesComponent(configured("a", "editor", "uid:1"), fixture.directory, fixture, fixture, fixture);
        component.bindAccess(decisions);
        long before = decisions.generation();
        component.modified(configured("a", "editor", "uid:2"));
        assertTrue(decisions.generation() > before);
        before = decisions.generation();
        component.deactivate();
        assertTrue(decisions.generation() > before);
        assertEquals(Set.of(), rolesOf(2));
    }

    @Test
    void gives_no_role_once_its_configuration_is_gone_even_if_a_name_resolves_late() {
        fixture.slow = true;
        roles.update(configured("a", "editor", "user:alice"));
        roles.close();
        fixture.pass();
        assertEquals(Set.of(), rolesOf(1001));
        assertEquals(List.of(), fixture.directory.configurations());
    }

    @Test
    void counts_on_the_listeners_that_are_named_and_on_no_other() {
        roles.update(configured("a", "viewer", "uid:1", "listeners", "board, notices"));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(1), "board"));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(1), "notices"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "console"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "boards"));
        RolesReport report = fixture.directory.configurations().get(0);
        assertEquals(Set.of("board", "notices"), report.listeners());
        assertEquals(Map.of("viewer", List.of("uid:1")), report.members());
    }

    @Test
    void adds_up_what_several_configurations_give_on_several_listeners() {
        RolesConfiguration other = fixture.configuration();
        roles.update(configured("a", "viewer", "*", "listeners", "board"));
        other.update(configured("b", "viewer", "uid:2", "editor", "uid:2", "listeners", "console"));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(2), "board"));
        assertEquals(Set.of("viewer", "editor"), fixture.of(FakePeer.uid(2), "console"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "console"));
        roles.close();
        assertEquals(Set.of(), fixture.of(FakePeer.uid(2), "board"));
    }

    @Test
    void a_change_of_the_listeners_is_a_change_of_the_roles() {
        roles.update(configured("a", "viewer", "uid:1"));
        assertEquals(1, fixture.changes);
        roles.update(configured("a", "viewer", "uid:1", "listeners", "board"));
        assertEquals(2, fixture.changes);
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "console"));
        roles.update(configured("a", "viewer", "uid:1", "listeners", "console"));
        assertEquals(3, fixture.changes);
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(1), "console"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "board"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , "})
    void listeners_that_are_none_reject_the_roles(String listeners) {
        roles.update(configured("a", "viewer", "*", "listeners", listeners));
        assertEquals(Set.of(), rolesOf(1));
        assertEquals(
                Optional.of("etc/org.peercred.roles-a.cfg: listeners = " + listeners.strip()
                        + ": name at least one listener, or * for all."),
                fixture.directory.configurations().get(0).status().problem());
    }

    @Test
    void a_listener_that_is_taken_out_loses_its_roles_at_once_even_where_a_name_is_not_known() {
        roles.update(configured("a", "viewer", "*", "listeners", "board, console"));
        fixture.nameServiceAnswers = false;
        roles.update(configured("a", "viewer", "*, user:ghost", "listeners", "board, other"));
        assertEquals(Set.of("viewer"), fixture.of(FakePeer.uid(1), "board"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "console"));
        assertEquals(Set.of(), fixture.of(FakePeer.uid(1), "other"));
        assertEquals(Set.of("board"), fixture.directory.configurations().get(0).listeners());
    }

    @Test
    void understands_lists_and_names_by_key_as_well_as_by_file() {
        Map<String, Object> properties = configured("a", "name", "team");
        properties.put("editor", new String[] {"uid:1", "user:alice"});
        roles.update(properties);
        assertEquals(Set.of("editor"), rolesOf(1001));
        assertEquals("team", fixture.directory.configurations().get(0).name());
        assertEquals(
                Optional.empty(),
                fixture.directory.configurations().get(0).status().problem());
    }
}
