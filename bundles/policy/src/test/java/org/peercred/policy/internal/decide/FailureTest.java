/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessPolicy;
import org.peercred.access.PolicyListener;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.roles.RolesConfiguration;
import org.peercred.policy.internal.roles.RolesFixture;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.FakeConfigurations;
import org.peercred.policy.internal.testing.FakeCredentials;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FakeUsers;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** Memory that runs out between any two steps loses no change, no configuration and nobody who is to be told. */
@Timeout(120)
class FailureTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeBackground background = new FakeBackground();
    private final FakeUsers users = new FakeUsers();
    private final FakePeer alice = FakePeer.uid(1001);

    /** Fails as often as it is told. */
    private static final class Fuse {
        private int left;

        void burn() {
            if (left > 0) {
                left--;
                throw new OutOfMemoryError("a test of running out of memory");
            }
        }
    }

    private final Fuse fuse = new Fuse();

    /** A key that a map cannot take while memory is out. */
    private final class Key {
        @Override
        public int hashCode() {
            fuse.burn();
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    private UidPolicy uid(Map<String, Object> settings) {
        return new UidPolicy(settings, users, new FakeCredentials(1000), background);
    }

    private Verdict.Effect effect(AccessPolicy policy) {
        return policy.evaluate(alice.connect("echo")).effect();
    }

    @Test
    void a_change_that_fails_closes_everything_until_it_is_put_right() {
        Decisions decisions = new Decisions();
        List<String> alarms = new ArrayList<>();
        decisions.onFailure(() -> alarms.add("failed"));
        Key key = new Key();
        decisions.add(key, FixedPolicy.allow("owner"));
        assertTrue(decisions.decide(alice.connect("echo")).allowed());
        fuse.left = 1;
        assertThrows(OutOfMemoryError.class, () -> decisions.changed(key));
        assertFalse(decisions.decide(alice.connect("echo")).allowed());
        assertEquals(2, decisions.generation());
        assertEquals(List.of("failed"), alarms);
        decisions.reconsider();
        assertTrue(decisions.decide(alice.connect("echo")).allowed());
        assertEquals(3, decisions.generation());
    }

    @Test
    void a_policy_that_comes_or_goes_while_memory_is_out_is_not_lost() {
        AccessControlComponent component = new AccessControlComponent(background);
        component.bindPolicy(FakeConfigurations.reference(key -> null), FixedPolicy.allow("owner"));
        ServiceReference<AccessPolicy> reference = FakeConfigurations.reference(key -> null, fuse::burn);
        FixedPolicy policy = FixedPolicy.deny("uid~x");
        fuse.left = 2;
        component.bindPolicy(reference, policy);
        assertEquals(
                Set.of("uid~x"),
                Set.copyOf(component.decide(alice.connect("echo")).policy().stream()
                        .toList()));
        fuse.left = 2;
        component.unbindPolicy(reference);
        background.pass(SECOND);
        assertTrue(component.decide(alice.connect("echo")).allowed());
    }

    @Test
    void a_deletion_that_could_not_be_taken_in_is_found_out() {
        FakeConfigurations configurations = new FakeConfigurations();
        Decisions decisions = new Decisions();
        PolicyConfigurations known = new PolicyConfigurations(decisions, background);
        configurations.put(Settings.of("uid", "x", "allow", "7", "otherwise", "deny"));
        configurations.tell(known);
        known.use(configurations.admin());
        known.start(FakeConfigurations.reference(key -> null));
        decisions.add("owner", FixedPolicy.allow("owner"));
        assertFalse(decisions.decide(alice.connect("echo")).allowed());
        configurations.whenHeard = fuse::burn;
        fuse.left = 1;
        configurations.delete("org.peercred.policy.uid~x");
        assertFalse(decisions.decide(alice.connect("echo")).allowed());
        background.pass(SECOND);
        assertTrue(decisions.decide(alice.connect("echo")).allowed());
    }

    @Test
    void where_memory_stays_out_everything_stays_closed() {
        AccessControlComponent component = new AccessControlComponent(background);
        component.bindPolicy(FakeConfigurations.reference(key -> null), FixedPolicy.allow("owner"));
        fuse.left = Integer.MAX_VALUE;
        component.bindPolicy(FakeConfigurations.reference(key -> null, fuse::burn), FixedPolicy.deny("uid~x"));
        background.pass(Duration.ofMinutes(1));
        assertFalse(component.decide(alice.connect("echo")).allowed());
    }

    @Test
    void a_listener_that_could_not_be_told_for_want_of_memory_is_told_later_and_so_are_the_others() {
        AccessControlComponent component = new AccessControlComponent(background);
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        component.bindListener(generation -> {
            fuse.burn();
            first.add(generation);
        });
        component.bindListener(second::add);
        fuse.left = 1;
        component.bindPolicy(FakeConfigurations.reference(key -> null), FixedPolicy.allow("owner"));
        background.pass(SECOND);
        assertEquals(component.generation(), first.get(first.size() - 1));
        assertEquals(component.generation(), second.get(second.size() - 1));
        long before = component.generation();
        component.reconsider();
        assertEquals(before + 1, first.get(first.size() - 1));
    }

    @Test
    void an_error_while_others_are_told_does_not_silence_the_announcements_for_ever() {
        Generation view = new Generation(7, List.of());
        Announcements announcements = new Announcements(() -> {
            fuse.burn();
            return view;
        });
        List<Long> heard = new ArrayList<>();
        fuse.left = 1;
        assertThrows(OutOfMemoryError.class, () -> announcements.add((PolicyListener) heard::add));
        announcements.announce();
        assertEquals(List.of(7L), heard);
    }

    @Test
    void a_configuration_for_which_there_was_no_thread_is_loaded_later() {
        background.full = true;
        UidPolicy policy = uid(Settings.of("uid", "thread", "allow", "alice"));
        assertEquals(Verdict.Effect.ABSTAIN, effect(policy));
        background.full = false;
        background.pass(SECOND);
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
    }

    @Test
    void a_configuration_that_could_not_be_read_for_want_of_memory_is_read_later() {
        Map<String, Object> settings = new HashMap<>(Settings.of("uid", "read", "allow", "alice")) {
            private static final long serialVersionUID = 1L;

            @Override
            public Object get(Object key) {
                fuse.burn();
                return super.get(key);
            }
        };
        fuse.left = 1;
        UidPolicy policy = uid(settings);
        assertEquals(Verdict.Effect.DENY, effect(policy));
        background.pass(SECOND);
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
    }

    @Test
    void a_configuration_that_is_still_being_read_does_not_take_the_place_of_a_newer_one() {
        UidPolicy policy = uid(Settings.of("uid", "race", "allow", "1003"));
        List<String> first = new ArrayList<>(List.of("first"));
        policy.update(new HashMap<>(Settings.of("uid", "race", "allow", "1002")) {
            private static final long serialVersionUID = 1L;

            @Override
            public Object get(Object key) {
                if (!first.isEmpty()) {
                    first.clear();
                    policy.update(Settings.of("uid", "race", "allow", "1001"));
                }
                return super.get(key);
            }
        });
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
        background.pass(Duration.ofMinutes(5));
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
    }

    @Test
    void an_error_of_a_name_service_is_no_end() {
        users.errors = 3;
        UidPolicy policy = uid(Settings.of("uid", "error", "allow", "alice"));
        background.pass(Duration.ofSeconds(2));
        assertEquals(Verdict.Effect.DENY, effect(policy));
        background.pass(SECOND);
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
    }

    @Test
    void a_change_that_nobody_could_be_told_of_is_told_later() {
        UidPolicy policy = uid(Settings.of("uid", "told", "allow", "1001"));
        List<Verdict.Effect> seen = new ArrayList<>();
        policy.onChange(() -> {
            fuse.burn();
            seen.add(effect(policy));
        });
        fuse.left = 2;
        policy.update(Settings.of("uid", "told", "allow", "1002"));
        assertEquals(List.of(), seen);
        background.pass(Duration.ofSeconds(2));
        assertEquals(List.of(Verdict.Effect.ABSTAIN), seen);
        fuse.left = 1;
        policy.update(Settings.of("uid", "told", "allow", "9-8"));
        background.pass(Duration.ofSeconds(2));
        assertEquals(2, seen.size());
    }

    @Test
    void a_change_that_is_taken_back_while_it_is_told_is_told_in_the_end() {
        Map<String, Object> first = Settings.of("uid", "back", "allow", "1002");
        UidPolicy policy = uid(first);
        policy.onChange(() -> {});
        List<Verdict.Effect> seen = new ArrayList<>();
        policy.onChange(() -> {
            seen.add(effect(policy));
            if (seen.size() == 1) {
                policy.update(first);
            }
        });
        policy.update(Settings.of("uid", "back", "allow", "1001"));
        assertEquals(List.of(Verdict.Effect.ALLOW, Verdict.Effect.ABSTAIN), seen);
    }

    @Test
    void a_change_of_roles_that_could_not_be_told_while_another_was_is_told_later() {
        RolesFixture fixture = new RolesFixture();
        List<RolesConfiguration> roles = new ArrayList<>();
        List<Set<String>> seen = new ArrayList<>();
        roles.add(fixture.configuration(users, background, () -> {
            fuse.burn();
            seen.add(fixture.of(alice));
            if (seen.size() == 1) {
                fuse.left = 1;
                roles.get(0).update(RolesFixture.configured("a", "viewer", "uid:1001"));
            }
        }));
        roles.get(0).update(RolesFixture.configured("a", "editor", "uid:1001"));
        background.pass(SECOND);
        assertEquals(List.of(Set.of("editor"), Set.of("viewer")), seen);
    }

    @Test
    void what_is_removed_counts_no_longer_where_there_is_no_thread_to_look_up_names() {
        UidPolicy policy = uid(Settings.of("uid", "busy", "allow", "bob, 1001"));
        assertEquals(Verdict.Effect.ALLOW, effect(policy));
        RolesFixture fixture = new RolesFixture();
        RolesConfiguration roles = fixture.configuration(users, background, () -> {});
        roles.update(RolesFixture.configured("a", "editor", "user:bob, uid:1001"));
        assertEquals(Set.of("editor"), fixture.of(alice));
        background.full = true;
        policy.update(Settings.of("uid", "busy", "allow", "bob"));
        roles.update(RolesFixture.configured("a", "editor", "user:bob"));
        assertEquals(Verdict.Effect.ABSTAIN, effect(policy));
        assertEquals(Set.of(), fixture.of(alice));
        background.full = false;
        background.pass(SECOND);
        assertEquals(PolicyStatus.ACTIVE, policy.status());
    }

    @Test
    void roles_survive_all_that_as_well() {
        RolesFixture fixture = new RolesFixture();
        List<String> changes = new ArrayList<>();
        RolesConfiguration roles = fixture.configuration(users, background, () -> {
            fuse.burn();
            changes.add("changed");
        });
        background.full = true;
        roles.update(RolesFixture.configured("a", "editor", "user:alice"));
        background.full = false;
        users.errors = 1;
        fuse.left = 1;
        background.pass(Duration.ofSeconds(3));
        assertEquals(Set.of("editor"), fixture.of(alice));
        // That nobody has the role yet is news as well.
        assertEquals(List.of("changed", "changed"), changes);
    }

    @Test
    void roles_that_go_while_nobody_can_be_told_are_told_of_later() {
        RolesFixture fixture = new RolesFixture();
        List<Set<String>> seen = new ArrayList<>();
        RolesConfiguration roles = fixture.configuration(users, background, () -> {
            fuse.burn();
            seen.add(fixture.of(alice));
        });
        roles.update(RolesFixture.configured("a", "editor", "uid:1001"));
        fuse.left = 2;
        roles.close();
        background.pass(Duration.ofSeconds(3));
        assertEquals(List.of(Set.of("editor"), Set.of()), seen);
    }

    @Test
    void doubts_that_got_lost_open_nothing_until_they_are_told_again() {
        Decisions decisions = new Decisions();
        decisions.add("owner", FixedPolicy.allow("owner"));
        Map<String, Doubt> lost = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Doubt>> entrySet() {
                throw new OutOfMemoryError("a test of running out of memory");
            }
        };
        assertThrows(OutOfMemoryError.class, () -> decisions.doubt(lost));
        decisions.reconsider();
        assertFalse(decisions.decide(alice.connect("echo")).allowed());
        decisions.doubt(Map.of());
        assertTrue(decisions.decide(alice.connect("echo")).allowed());
    }
}
