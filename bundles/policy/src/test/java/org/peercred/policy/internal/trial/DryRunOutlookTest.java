/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.ConfigurationCheck.Terms;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Proposal;
import org.peercred.access.RoleForecast;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakePeer;

/** What a file of roles or of a listener would change, tried and not put in force. */
@Timeout(120)
class DryRunOutlookTest extends DryRunFixture {

    private void known(String name, String... keysAndValues) {
        Map<String, Object> properties = RolesFixture.configured(name, keysAndValues);
        configurations.put(properties);
        roles.configuration().update(properties);
    }

    private void grants(String id, String listener, Map<String, Set<String>> byRole) {
        Rules rules = new Rules() {
            @Override
            public Verdict evaluate(AccessRequest request) {
                return Verdict.abstain("");
            }

            @Override
            public Map<String, Set<String>> byRole() {
                return new TreeMap<>(byRole);
            }
        };
        PolicyScope scope = new PolicyScope(Set.of(listener), Set.of("command:*"));
        decisions.add(id, new Revision(id, scope, PolicyStatus.ACTIVE, rules), Set.of(id));
    }

    private static RoleForecast.Change change(Proposal proposal, long uid, String listener) {
        return proposal.roles().orElseThrow().of(FakePeer.uid(uid), listener);
    }

    @Test
    void tells_who_would_gain_or_lose_roles_and_what_policies_grant_by_them() throws Exception {
        grants("command~board", "board", Map.of("update", Set.of("editor"), "view", Set.of("viewer", "editor")));
        grants("http~x", "web", Map.of("* /**", Set.of("viewer")));
        known("board", "editor", "uid:1001", "viewer", "uid:1001,uid:1002");
        known("other", "viewer", "uid:1005");
        try (Proposal proposal = tried("org.peercred.roles-board.cfg", "editor = user:bob\nviewer = uid:1002\n")) {
            assertEquals(List.of(), proposal.result().problems());
            assertFalse(proposal.keysOnly());
            assertTrue(proposal.access().isEmpty());
            assertEquals(
                    new RoleForecast.Change(
                            Set.of(),
                            Set.of("editor", "viewer"),
                            List.of(),
                            List.of("command~board: update", "command~board: view")),
                    sorted(change(proposal, 1001, "board")));
            assertEquals(
                    new RoleForecast.Change(Set.of("editor"), Set.of(), List.of("command~board: update"), List.of()),
                    change(proposal, 1002, "board"));
            assertEquals(List.of("http~x: * /**"), change(proposal, 1001, "web").withdrawn());
            assertTrue(change(proposal, 1005, "board").isEmpty());
            assertEquals(
                    List.of(
                            "The policy command~board grants to the role editor: update; view.",
                            "The policy command~board grants to the role viewer: view.",
                            "The policy http~x grants to the role viewer: * /**."),
                    proposal.effects());
        }
        assertEquals(Set.of("editor", "viewer"), roles.of(FakePeer.uid(1001), "board"));
    }

    private static RoleForecast.Change sorted(RoleForecast.Change change) {
        return new RoleForecast.Change(
                change.gained(),
                change.lost(),
                change.granted().stream().sorted().toList(),
                change.withdrawn().stream().sorted().toList());
    }

    @Test
    void roles_on_other_listeners_are_other_roles_all_of_them() throws Exception {
        grants("command~board", "*", Map.of("update", Set.of("editor")));
        known("board", "editor", "uid:1001");
        try (Proposal proposal = tried("org.peercred.roles-board.cfg", "editor = uid:1001\nlisteners = echo\n")) {
            assertEquals(List.of("The policy command~board grants to the role editor: update."), proposal.effects());
            assertTrue(change(proposal, 1001, "echo").isEmpty());
            assertEquals(Set.of("editor"), change(proposal, 1001, "board").lost());
        }
        try (Proposal proposal = tried("org.peercred.roles-board.cfg", "editor = uid:1001\nguide = *\n")) {
            assertEquals(List.of("No policy asks for a role that is changed."), proposal.effects());
        }
    }

    @Test
    void a_listener_that_asks_on_other_terms_is_decided_about_on_those() throws Exception {
        decisions.add("team", allowing("uid~team", 1001), Set.of(TEAM_PID));
        check.forecast = Optional.of(
                new Forecast(List.of("It moves."), Optional.of(new Terms("echo", "echo", Set.of("owner")))));
        try (Proposal proposal = tried("org.peercred.listener-echo.cfg", "path = /tmp/a\n")) {
            assertEquals(List.of("It moves."), proposal.effects());
            assertFalse(proposal.keysOnly());
            AccessControl then = proposal.access().orElseThrow();
            assertEquals(
                    "required policy owner is missing", decision(then, 1001).reason());
            assertTrue(then.decide(FakePeer.uid(1001).connect("other")).allowed());
        }
        check.forecast = Optional.of(new Forecast(List.of(), Optional.of(new Terms("echo", "renamed", Set.of()))));
        decisions.add(
                "renamed",
                new Revision(
                        "renamed",
                        new PolicyScope(Set.of("renamed"), Set.of("connect")),
                        PolicyStatus.ACTIVE,
                        request -> Verdict.deny("not here")),
                Set.of("renamed"));
        try (Proposal proposal = tried("org.peercred.listener-echo.cfg", "path = /tmp/a\nname = renamed\n")) {
            assertEquals(
                    "not here", decision(proposal.access().orElseThrow(), 1001).reason());
        }
        assertTrue(decision(decisions, 1001).allowed());
    }

    @Test
    void where_the_reader_tells_no_more_only_keys_were_checked() throws Exception {
        try (Proposal proposal = tried("org.peercred.listener-echo.cfg", "path = /tmp/a\n")) {
            assertTrue(proposal.keysOnly());
            assertEquals(List.of(), proposal.effects());
            assertTrue(proposal.access().isEmpty());
        }
        try (Proposal proposal = tried(TEAM, "allow = -1\n")) {
            assertFalse(proposal.keysOnly());
        }
    }
}
