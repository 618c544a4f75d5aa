/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.ConfigurationCheck;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.ConfigurationCheck.Terms;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Proposal;
import org.peercred.access.Proposal.Change;
import org.peercred.access.RoleForecast;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.keeper.FileReader;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.Settings;

/** Files that are tried and not put in force. */
@Timeout(120)
class DryRunTest {

    private static final String TEAM = "org.peercred.policy.uid-team.cfg";
    private static final String TEAM_PID = "org.peercred.policy.uid~team";

    @TempDir
    Path home;

    private final Decisions decisions = new Decisions();
    private final FakeConfigurations configurations = new FakeConfigurations();
    private final FakeUsers users = new FakeUsers();
    private final FakeCredentials credentials = new FakeCredentials(1000);
    private final RolesFixture roles = new RolesFixture();
    private final DryRunComponent dryRun = new DryRunComponent(
            new FileReader(context()),
            "org.peercred.mine"::equals,
            users,
            credentials,
            new PolicyCheck(users, credentials, new NobodyAsked(), (peer, listener, role) -> false),
            roles.directory,
            decisions,
            configurations.admin());

    /** Reads configurations of listeners, and tells of them what a test wants. */
    private static final class ListenersCheck implements ConfigurationCheck {

        private Optional<Forecast> forecast = Optional.empty();

        @Override
        public Set<String> pids() {
            return Set.of("org.peercred.listener");
        }

        @Override
        public Result check(String pid, Map<String, ?> properties) {
            return new Result(List.of(), List.of());
        }

        @Override
        public Optional<Forecast> forecast(String pid, Map<String, ?> before, Map<String, ?> after) {
            return forecast;
        }
    }

    private final ListenersCheck check = new ListenersCheck();

    @BeforeEach
    void start() {
        dryRun.checks = List.of(check);
    }

    private static BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                DryRunTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> null);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }

    private Proposal tried(String name, String text) throws IOException {
        return dryRun.read(write(name, text));
    }

    private static Revision allowing(String id, long uid) {
        return new Revision(
                id,
                new PolicyScope(Set.of("*"), Set.of("connect")),
                PolicyStatus.ACTIVE,
                request -> request.peer().uid() == uid ? Verdict.allow("listed") : Verdict.abstain("not listed"));
    }

    private static Decision decision(AccessControl control, long uid) {
        return control.decide(FakePeer.uid(uid).connect("echo"));
    }

    @Test
    void a_policy_decides_in_the_place_of_the_one_in_force_which_goes_on() throws Exception {
        decisions.add("team", allowing("uid~team", 1001), Set.of(TEAM_PID));
        decisions.add("other", allowing("uid~other", 1005), Set.of("org.peercred.policy.uid~other"));
        long generation = decisions.generation();
        try (Proposal proposal = tried(TEAM, "allow = bob\n")) {
            assertEquals(List.of(), proposal.result().problems());
            assertEquals(TEAM_PID, proposal.pid());
            AccessControl then = proposal.access().orElseThrow();
            assertFalse(decision(then, 1001).allowed());
            assertTrue(decision(then, 1002).allowed());
            assertEquals(Optional.of("uid~team"), decision(then, 1002).policy());
            assertTrue(decision(then, 1005).allowed());
            assertEquals(2, then.policies().size());
        }
        assertTrue(decision(decisions, 1001).allowed());
        assertFalse(decision(decisions, 1002).allowed());
        assertEquals(generation, decisions.generation());
    }

    @Test
    void a_policy_that_there_was_not_stands_beside_the_others() throws Exception {
        decisions.add("team", allowing("uid~team", 1001), Set.of(TEAM_PID));
        try (Proposal proposal = tried("org.peercred.policy.superuser.cfg", "")) {
            AccessControl then = proposal.access().orElseThrow();
            assertTrue(decision(then, 1001).allowed());
            assertEquals("UID mismatch (0 != 1000)", decision(then, 0).reason());
        }
        assertEquals(1, decisions.policies().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "org.peercred.policy.uid-a.cfg | allow = alice | ",
                "org.peercred.policy.group-a.cfg | allow = 10 | ",
                "org.peercred.policy.pid-a.cfg | allow = 1 | ",
                "org.peercred.policy.executable-a.cfg | only = /usr/bin/nc | ",
                "org.peercred.policy.cgroup-a.cfg | allow = /system.slice | ",
                "org.peercred.policy.command-a.cfg | view = viewer | ",
                "org.peercred.policy.http-a.cfg | rules = * /** = admin | ",
                "org.peercred.policy.owner.config | listeners = \"echo\" | ",
                "org.peercred.roles-a.cfg | viewer = uid:7 | ",
                "org.peercred.policy.uid-a.cfg | alow = 5 | alow",
                "org.peercred.policy.uid-a.cfg | allow = carol | carol",
                "org.peercred.policy.executable-a.cfg | only = nc | only = nc",
                "org.peercred.policy.http-a.cfg | rules = x | rules",
                "org.peercred.roles-a.cfg | viewer = everybody | viewer = everybody",
                "org.peercred.roles-a.cfg | viewer = user:carol | carol",
                "org.peercred.policy.uid_a.cfg | allow = 5 | Rename it to etc/org.peercred.policy.uid-a.cfg",
                "org.peercred.policy.uid-a.yaml | allow = 5 | Nobody reads",
                "org.peercred.policy.uid-a.json | {} | cannot be tried",
            })
    void what_would_be_rejected_is_told_for_every_kind(String name, String text, String problem) throws Exception {
        try (Proposal proposal = tried(name, text + "\n")) {
            String problems = String.join(" ", proposal.result().problems());
            if (problem == null) {
                assertEquals("", problems);
            } else {
                assertTrue(problems.contains(problem), problems);
                assertTrue(proposal.access().isEmpty());
            }
        }
    }

    @Test
    void all_problems_are_told_each_by_itself() throws Exception {
        try (Proposal proposal = tried(TEAM, "allow = -1\notherwise = perhaps\nlisten = a\n")) {
            assertEquals(
                    3, proposal.result().problems().size(), proposal.result().problems()::toString);
            assertTrue(proposal.result().problems().stream().allMatch(p -> p.startsWith("etc/" + TEAM + ": ")));
        }
    }

    @Test
    void changes_are_told_against_what_is_in_force() throws Exception {
        configurations.put(Settings.of("uid", "team", "allow", "alice", "otherwise", "deny"));
        try (Proposal proposal = tried(TEAM, "allow = bob\nlisteners = echo\n")) {
            assertEquals(
                    List.of(
                            new Change("allow", Optional.of("alice"), Optional.of("bob")),
                            new Change("listeners", Optional.empty(), Optional.of("echo")),
                            new Change("otherwise", Optional.of("deny"), Optional.empty())),
                    proposal.changes());
        }
    }

    @Test
    void other_bundles_files_are_left_to_them() throws Exception {
        try (Proposal proposal = tried("org.peercred.mine.cfg", "a = b\n")) {
            assertEquals(List.of(), proposal.result().problems());
            assertEquals(1, proposal.result().warnings().size());
            assertTrue(proposal.access().isEmpty());
        }
    }

    @Test
    void a_link_is_not_followed_since_who_asks_may_not_be_who_may_read_it() throws Exception {
        Path secret = write("secret", "allow = 1001\n");
        Path link = Files.createSymbolicLink(home.resolve(TEAM), secret);
        try (Proposal proposal = dryRun.read(link)) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: it is a symbolic link."),
                    proposal.result().problems());
            assertEquals(List.of(), proposal.changes());
        }
    }

    @Test
    void what_cannot_be_read_is_told() throws Exception {
        try (Proposal proposal = dryRun.read(home.resolve(TEAM))) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: there is no such file."),
                    proposal.result().problems());
        }
        Files.createDirectory(home.resolve(TEAM));
        try (Proposal proposal = dryRun.read(home.resolve(TEAM))) {
            assertEquals(
                    List.of("etc/" + TEAM + " cannot be read: it is no file."),
                    proposal.result().problems());
        }
    }

    @Test
    void a_name_service_that_is_down_is_no_answer_to_rest_on() throws Exception {
        users.down.add("alice");
        try (Proposal proposal = tried(TEAM, "allow = alice\n")) {
            assertEquals(1, proposal.result().problems().size());
            assertTrue(proposal.access().isEmpty());
        }
    }

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
