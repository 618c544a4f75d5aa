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
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakePeer;

@Timeout(120)
class HttpPolicyTest {

    private static final long ADMIN = 1001;
    private static final long VIEWER = 1002;
    private static final long STRANGER = 1003;

    private final RolesFixture fixture = new RolesFixture();
    private final RolesConfiguration roles = fixture.configuration();
    private final Decisions decisions = new Decisions();

    @BeforeEach
    void give_roles() {
        roles.update(configured("team", "admin", "uid:1001", "viewer", "uid:1001, uid:1002"));
    }

    private static Map<String, Object> configuration(String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>(configured("x", keysAndValues));
        properties.put("service.pid", "org.peercred.policy.http~web");
        properties.put("felix.fileinstall.filename", "file:/etc/org.peercred.policy.http-web.cfg");
        return properties;
    }

    private HttpPolicy policy(String rules, String... keysAndValues) {
        Map<String, Object> all = configuration(keysAndValues);
        all.put("rules", rules);
        HttpPolicy policy = new HttpPolicy(all, fixture.directory, fixture);
        decisions.add(policy, policy);
        return policy;
    }

    private Decision decide(long uid, String method, String path) {
        return decisions.decide(
                new AccessRequest(FakePeer.uid(uid), "http", AccessRequest.http(method, path), Set.of()));
    }

    private boolean may(long uid, String method, String path) {
        return decide(uid, method, path).allowed();
    }

    @Test
    void the_first_rule_that_matches_decides() {
        HttpPolicy policy = policy("GET,HEAD /jolokia/read/** = viewer, admin; * /** = admin");
        assertEquals("http~web", policy.id());
        assertTrue(may(VIEWER, "GET", "/jolokia/read/java.lang:type=Memory"));
        assertTrue(may(VIEWER, "HEAD", "/jolokia/read"));
        assertFalse(may(VIEWER, "POST", "/jolokia/read/x"));
        assertFalse(may(VIEWER, "GET", "/jolokia"));
        assertFalse(may(VIEWER, "GET", "/jolokia/exec/java.lang:type=Memory/gc"));
        assertTrue(may(ADMIN, "POST", "/jolokia"));
        assertFalse(may(STRANGER, "GET", "/jolokia/read/x"));
    }

    @Test
    void what_is_said_of_get_is_said_of_head() {
        policy("GET /secret = admin; * /** = viewer");
        assertFalse(may(VIEWER, "GET", "/secret"));
        assertFalse(may(VIEWER, "HEAD", "/secret"));
        assertFalse(may(VIEWER, "GET", "/secret/"));
        assertTrue(may(VIEWER, "GET", "/secrets"));
    }

    @Test
    void what_no_rule_matches_is_refused() {
        policy("GET /open/** = authenticated");
        assertTrue(may(STRANGER, "GET", "/open"));
        Decision decision = decide(ADMIN, "GET", "/other");
        assertFalse(decision.allowed());
        assertEquals("no rule matches the request", decision.reason());
        assertEquals(Optional.of("http~web"), decision.policy());
    }

    @Test
    void a_rule_without_roles_is_for_nobody() {
        policy("* /closed/** = ; * /** = authenticated");
        assertEquals("no role may request it", decide(ADMIN, "GET", "/closed/x").reason());
        assertTrue(may(STRANGER, "GET", "/"));
    }

    @Test
    void says_which_role_decided() {
        policy("* /** = admin");
        assertEquals("the peer has the role admin", decide(ADMIN, "GET", "/").reason());
        assertEquals(
                "the peer has no role that may request it (admin)",
                decide(VIEWER, "GET", "/").reason());
    }

    @Test
    void covers_requests_alone_and_only_on_its_listeners() {
        HttpPolicy policy = policy("* /** = authenticated", "listeners", "http");
        assertEquals(new PolicyScope(Set.of("http"), Set.of("http:*")), policy.scope());
        assertFalse(decisions.decide(FakePeer.uid(ADMIN).connect("http")).allowed());
        assertFalse(decisions.decide(FakePeer.uid(ADMIN).command("http", "x")).allowed());
        assertTrue(may(ADMIN, "GET", "/"));
        assertFalse(decisions
                .decide(new AccessRequest(FakePeer.uid(ADMIN), "other", AccessRequest.http("GET", "/"), Set.of()))
                .allowed());
    }

    @Test
    void a_policy_for_all_commands_grants_no_request() {
        CommandPolicy commands = new CommandPolicy(configured("all", "*", "admin"), fixture.directory, fixture);
        decisions.add(commands, commands);
        assertTrue(decisions.decide(FakePeer.uid(ADMIN).command("http", "x")).allowed());
        assertFalse(may(ADMIN, "GET", "/"));
        policy("* /open = authenticated");
        assertTrue(may(ADMIN, "GET", "/open"));
        assertFalse(
                decisions.decide(FakePeer.uid(STRANGER).command("http", "x")).allowed());
    }

    @ParameterizedTest
    @CsvSource({
        "/**, /, true",
        "/**, /a/b/c, true",
        "/, /, true",
        "/, /a, false",
        "/a/*, /a/b, true",
        "/a/*, /a/b/c, false",
        "/a/*, /a, false",
        "/a/**/z, /a/z, true",
        "/a/**/z, /a/b/c/z, true",
        "/a/**/z, /a/b/c/y, false",
        "/a/**/b/**/z, /a/x/b/b/y/z, true",
        "/*.html, /index.html, true",
        "/*.html, /index.htm, false",
        "/a*b*c, /aXbYbZc, true",
        "/a*b*c, /aXc, false",
        "/A, /a, false",
        "/a/, /a, true",
    })
    void patterns_match_as_in_ant(String pattern, String path, boolean expected) {
        policy("GET " + pattern + " = authenticated");
        assertEquals(expected, may(STRANGER, "GET", path));
    }

    @Test
    void a_pattern_of_many_stars_takes_no_time() {
        policy("GET /" + "a*".repeat(60) + "b = authenticated; GET " + "/**/a".repeat(30) + "/b = authenticated");
        assertFalse(may(STRANGER, "GET", "/" + "a".repeat(8000)));
        assertFalse(may(STRANGER, "GET", "/a".repeat(4000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /a",
                "/a = admin",
                "get /a = admin",
                "GET a = admin",
                "GET /a//b = admin",
                "GET /a/../b = admin",
                "GET /a%2fb = admin",
                "GET /a;x = admin",
                "GET /a** = admin",
                "GET /a = user:alice",
                "* /** = admin; GET /x",
                "*,GET /x = admin",
            })
    void a_rule_that_cannot_be_understood_rejects_the_file_and_closes_what_it_covers(String rules) {
        HttpPolicy policy = policy(rules);
        assertEquals(State.REJECTED, policy.status().state());
        assertFalse(may(ADMIN, "GET", "/a"));
    }

    @Test
    void a_mistyped_key_rejects_the_file() {
        assertEquals(
                State.REJECTED,
                policy("* /** = admin", "actions", "connect").status().state());
        assertFalse(may(ADMIN, "GET", "/a"));
    }
}
