/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** While the configuration of a policy that can deny exists, its absence closes what it covered. */
@Timeout(120)
class AbsenceTest {

    private static final String PID = "org.peercred.policy.uid~x";
    private static final Map<String, Object> OTHERS_ONLY =
            Settings.of("uid", "x", "allow", "7", "otherwise", "deny", "listeners", "echo");

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final FakeBackground background = new FakeBackground();
    private final AccessControlComponent component = new AccessControlComponent(background);
    private final ServiceReference<AccessPolicy> owner = reference(null);
    private final List<Boolean> heard = new ArrayList<>();

    private static ServiceReference<AccessPolicy> reference(Object pid) {
        return FakeConfigurations.reference(key -> key.equals("service.pid") ? pid : null);
    }

    private void start() {
        component.bindPolicy(owner, FixedPolicy.allow("owner"));
        component.bindAdmin(configurations.admin());
        component.activate(context());
    }

    private BundleContext context() {
        ServiceReference<Object> self = FakeConfigurations.reference(key -> null);
        ServiceRegistration<?> registration = FakeConfigurations.proxy(
                ServiceRegistration.class, Map.of("getReference", arguments -> self, "unregister", arguments -> {
                    configurations.tell(event -> {});
                    return null;
                }));
        return FakeConfigurations.proxy(BundleContext.class, Map.of("registerService", arguments -> {
            if (arguments[1] instanceof SynchronousConfigurationListener listener) {
                configurations.tell(listener);
            }
            return registration;
        }));
    }

    private static AccessRequest on(String listener) {
        return FakePeer.uid(1001).connect(listener);
    }

    private boolean open(String listener) {
        return component.decide(on(listener)).allowed();
    }

    private UidPolicy uid(Map<String, Object> settings) {
        return new UidPolicy(settings, new FakeUsers(), new FakeCredentials(1000), background);
    }

    private Optional<PolicyReport> report(String id) {
        return component.policies().stream()
                .filter(report -> report.id().equals(id))
                .findAny();
    }

    @Test
    void a_policy_that_denies_is_missed_from_the_first_decision_on() {
        configurations.put(OTHERS_ONLY);
        start();
        assertFalse(open("echo"));
        assertTrue(open("other"));
        assertEquals(
                "etc/org.peercred.policy.uid-x.cfg: the policy uid~x is configured but not there yet",
                component.decide(on("echo")).reason());
        PolicyReport missing = report("uid~x").orElseThrow();
        assertEquals(State.REJECTED, missing.status().state());
        assertEquals(new PolicyScope(Set.of("echo"), Set.of("connect")), missing.scope());
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, uid(Settings.with(OTHERS_ONLY, "allow", "1001")));
        assertTrue(open("echo"));
        assertEquals(State.ACTIVE, report("uid~x").orElseThrow().status().state());
        assertEquals(2, component.policies().size());
    }

    @Test
    void a_policy_that_goes_leaves_closed_what_it_covered_until_it_is_back() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(Settings.with(OTHERS_ONLY, "allow", "1001"));
        ServiceReference<AccessPolicy> reference = reference(List.of(PID));
        component.bindPolicy(reference, policy);
        component.bindListener(generation -> heard.add(open("echo")));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        component.bindPolicy(reference(new String[] {PID}), uid(Settings.with(OTHERS_ONLY, "allow", "1001")));
        assertTrue(open("echo"));
        assertEquals(List.of(true, false, true), heard);
    }

    @Test
    void a_policy_that_denied_all_since_its_configuration_is_bad_is_missed_as_well() {
        Map<String, Object> bad = Settings.with(OTHERS_ONLY, "otherwise", "abstain", "allow", "9-8");
        configurations.put(bad);
        start();
        UidPolicy policy = uid(bad);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        assertFalse(open("echo"));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        assertTrue(open("other"));
        component.bindPolicy(reference, policy);
        Map<String, Object> good = Settings.with(bad, "allow", "7");
        configurations.put(good);
        policy.update(good);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void a_policy_that_denied_by_its_last_good_configuration_is_missed_as_well() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(OTHERS_ONLY);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        Map<String, Object> bad = Settings.with(OTHERS_ONLY, "otherwise", "abstain", "allow", "9-8");
        configurations.put(bad);
        policy.update(bad);
        assertFalse(open("echo"));
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        configurations.delete(PID);
        assertTrue(open("echo"));
    }

    @Test
    void a_deleted_configuration_closes_nothing_and_drops_nobody() {
        configurations.put(OTHERS_ONLY);
        start();
        UidPolicy policy = uid(Settings.with(OTHERS_ONLY, "allow", "1001"));
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.delete(PID);
        component.unbindPolicy(reference);
        assertEquals(List.of(true, true), heard);
        assertEquals(Optional.empty(), report("uid~x"));
    }

    @Test
    void a_configuration_deleted_while_its_policy_is_away_opens_what_it_closed() {
        configurations.put(OTHERS_ONLY);
        start();
        assertFalse(open("echo"));
        configurations.delete(PID);
        assertTrue(open("echo"));
    }

    @Test
    void a_changed_configuration_moves_what_is_closed() {
        configurations.put(OTHERS_ONLY);
        start();
        configurations.put(Settings.with(OTHERS_ONLY, "listeners", "other"));
        assertTrue(open("echo"));
        assertFalse(open("other"));
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "abstain"));
        assertTrue(open("other"));
    }

    @Test
    void each_new_configuration_gives_its_policy_five_seconds_of_its_own() {
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.put(OTHERS_ONLY);
        background.pass(Duration.ofSeconds(2));
        configurations.delete(PID);
        background.pass(Duration.ofSeconds(2));
        configurations.put(OTHERS_ONLY);
        configurations.put(Settings.of("uid", "y", "allow", "7", "otherwise", "deny", "listeners", "echo"));
        background.pass(Duration.ofSeconds(4));
        assertEquals(List.of(true), heard);
        background.pass(Duration.ofSeconds(1));
        assertFalse(open("echo"));
    }

    @Test
    void a_new_configuration_gives_its_policy_five_seconds_and_nobody_is_dropped_meanwhile() {
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        configurations.put(Settings.with(OTHERS_ONLY, "name", "late"));
        background.pass(Duration.ofSeconds(4));
        assertEquals(List.of(true), heard);
        assertTrue(open("echo"));
        background.pass(Duration.ofSeconds(1));
        assertFalse(open("echo"));
        background.pass(Duration.ofSeconds(60));
        assertEquals(List.of(true, false), heard);
        assertEquals(
                1,
                Logged.lines("WARN", "the policy uid~late is configured but not there yet. It denies all it covers.")
                        .size());
    }

    @Test
    void a_new_policy_that_was_there_is_missed_at_once() {
        start();
        configurations.put(OTHERS_ONLY);
        UidPolicy policy = uid(OTHERS_ONLY);
        ServiceReference<AccessPolicy> reference = reference(PID);
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
    }

    @ParameterizedTest
    @CsvSource({
        "uid, true",
        "group, true",
        "pid, true",
        "cgroup, true",
        "superuser, true",
        "executable, true",
        "owner, false",
        "command, false"
    })
    void only_what_can_deny_is_missed(String kind, boolean missed) {
        configurations.put(Settings.of(kind, kind.matches("owner|superuser") ? "" : "x", "otherwise", "deny"));
        start();
        assertEquals(!missed, open("echo"));
    }

    @Test
    void what_abstains_is_not_missed() {
        for (String kind : List.of("uid", "group", "pid", "cgroup")) {
            configurations.put(Settings.of(kind, "x", "allow", "1", "otherwise", "abstain"));
            configurations.put(Settings.of(kind, "y", "allow", "1"));
        }
        start();
        assertTrue(open("echo"));
    }

    @Test
    void what_cannot_be_understood_closes_what_the_policy_would_close() {
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "never"));
        start();
        assertFalse(open("echo"));
        assertTrue(open("other"));
        configurations.put(Settings.with(OTHERS_ONLY, "listeners", " "));
        assertFalse(open("other"));
    }

    @Test
    void what_somebody_else_may_still_fill_in_closes_everything() {
        for (String open : List.of("${env:WHERE}", "$[env:WHERE]")) {
            configurations.put(Settings.with(OTHERS_ONLY, "listeners", open));
            start();
            assertFalse(open("other"));
        }
        configurations.put(Settings.with(OTHERS_ONLY, "otherwise", "$[env:WHAT]"));
        assertFalse(open("other"));
    }

    @Test
    void what_cannot_be_read_closes_everything_if_it_could_deny() {
        configurations.put(OTHERS_ONLY);
        configurations.unreadable = true;
        start();
        assertFalse(open("other"));
        configurations.unreadable = false;
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched"));
        assertTrue(open("other"));
        configurations.broken = true;
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched again"));
        assertFalse(open("other"));
    }

    @Test
    void a_configuration_that_only_grants_closes_nothing_even_where_it_cannot_be_read() {
        configurations.put(Settings.of("command", "x", "view", "viewer"));
        configurations.unreadable = true;
        start();
        assertTrue(open("echo"));
    }

    @Test
    void where_the_configurations_cannot_be_listed_everything_is_closed_until_they_can() {
        configurations.broken = true;
        start();
        assertFalse(open("echo"));
        assertEquals(
                "The configurations of policies cannot be listed.",
                report("configurations").orElseThrow().status().problem().orElseThrow());
        background.pass(Duration.ofSeconds(10));
        assertFalse(open("echo"));
        configurations.broken = false;
        background.pass(Duration.ofSeconds(1));
        assertTrue(open("echo"));
    }

    @Test
    void a_file_that_nobody_reads_closes_nothing() {
        configurations.put(Settings.with(OTHERS_ONLY, "single", "true"));
        configurations.put(Settings.of("nonsense", "x", "otherwise", "deny"));
        start();
        assertTrue(open("echo"));
    }

    @Test
    void a_look_that_was_overtaken_by_a_deletion_brings_nothing_back() {
        start();
        configurations.meanwhile = () -> {
            configurations.meanwhile = () -> {};
            configurations.delete(PID);
        };
        configurations.put(OTHERS_ONLY);
        background.pass(Duration.ofSeconds(10));
        assertTrue(open("echo"));
    }

    @Test
    void a_look_that_was_overtaken_by_a_change_does_not_undo_it() {
        configurations.put(OTHERS_ONLY);
        start();
        configurations.meanwhile = () -> {
            configurations.meanwhile = () -> {};
            configurations.put(Settings.with(OTHERS_ONLY, "listeners", "other"));
        };
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched"));
        assertTrue(open("echo"));
        assertFalse(open("other"));
    }

    @Test
    void the_policy_of_another_bundle_is_missed_once_it_was_there() {
        String pid = "org.example.policy~mine";
        Map<String, Object> settings = Map.of("service.pid", pid);
        configurations.put(settings);
        start();
        assertTrue(open("echo"));
        FixedPolicy policy = FixedPolicy.allow("mine").on("echo");
        ServiceReference<AccessPolicy> reference = reference(pid);
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
        assertTrue(open("other"));
        configurations.put(Settings.with(settings, "x-note", "touched"));
        assertFalse(open("echo"));
        component.bindPolicy(reference, policy);
        assertTrue(open("echo"));
        configurations.delete(pid);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void the_policy_of_another_bundle_that_has_no_configuration_is_not_missed() {
        start();
        FixedPolicy policy = FixedPolicy.allow("mine");
        ServiceReference<AccessPolicy> reference = reference("org.example.policy");
        component.bindPolicy(reference, policy);
        component.unbindPolicy(reference);
        assertTrue(open("echo"));
    }

    @Test
    void the_policy_of_another_bundle_that_was_there_first_is_missed_as_well() {
        String pid = "org.example.policy";
        configurations.put(Map.of("service.pid", pid));
        FakePolicy policy = new FakePolicy("mine");
        ServiceReference<AccessPolicy> reference = reference(pid);
        component.bindPolicy(reference, policy);
        start();
        component.unbindPolicy(reference);
        assertFalse(open("echo"));
    }

    @Test
    void a_container_without_configurations_works_and_learns_of_them_later() {
        component.bindPolicy(owner, FixedPolicy.allow("owner"));
        component.activate(context());
        assertTrue(open("echo"));
        configurations.put(OTHERS_ONLY);
        component.bindAdmin(configurations.admin());
        assertFalse(open("echo"));
        component.unbindAdmin(configurations.admin());
        assertFalse(open("echo"));
    }

    @Test
    void what_was_deleted_while_nobody_could_tell_is_found_out() {
        configurations.put(OTHERS_ONLY);
        start();
        configurations.tell(event -> {});
        configurations.delete(PID);
        assertFalse(open("echo"));
        component.bindAdmin(configurations.admin());
        assertTrue(open("echo"));
    }

    @Test
    void what_is_being_taken_apart_allows_nobody() {
        start();
        UidPolicy policy = uid(OTHERS_ONLY);
        component.bindPolicy(reference(null), policy);
        component.deactivate();
        component.bindPolicy(reference(null), new FakePolicy("late"));
        component.unbindPolicy(owner);
        assertFalse(open("echo"));
        assertFalse(component.decide(on("echo")).allowed());
        assertEquals(
                "The access control was stopped", component.decide(on("echo")).reason());
    }

    @Test
    void a_policy_that_says_the_same_in_a_changed_configuration_tells_nobody() {
        configurations.put(OTHERS_ONLY);
        start();
        component.bindListener(generation -> heard.add(open("echo")));
        long before = component.generation();
        configurations.put(Settings.with(OTHERS_ONLY, "x-note", "touched"));
        assertEquals(before, component.generation());
        assertEquals(Verdict.Effect.DENY, effect());
    }

    private Verdict.Effect effect() {
        return component.explain(on("echo")).opinions().stream()
                .filter(opinion -> opinion.policy().equals("uid~x"))
                .findAny()
                .orElseThrow()
                .verdict()
                .effect();
    }

    @Test
    void the_absence_of_a_policy_with_an_unknown_key_closes_everything() {
        Map<String, Object> mistyped =
                Settings.of("uid", "team", "allow", "1001", "otherwise", "deny", "listener", "echo");
        assertEquals(
                PolicyScope.EVERYTHING,
                Absence.of(PolicyKind.UID, mistyped).orElseThrow().scope());
        Map<String, Object> meant = Settings.of("uid", "team", "allow", "1001", "othrwise", "deny");
        assertTrue(Absence.of(PolicyKind.UID, meant).isPresent());
        Map<String, Object> note = Settings.of("uid", "team", "allow", "1001", "x-otherwise", "deny");
        assertFalse(Absence.of(PolicyKind.UID, note).isPresent());
    }
}
