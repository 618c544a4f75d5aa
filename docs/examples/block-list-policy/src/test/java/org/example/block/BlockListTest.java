/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peercred.access.AccessPolicy;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.testing.FakePeer;

class BlockListTest {

    private static BlockList.Configuration configuration(String users, String... listeners) {
        return new BlockList.Configuration() {
            @Override
            public String[] users() {
                return new String[] {users};
            }

            @Override
            public String[] listeners() {
                return listeners;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return BlockList.Configuration.class;
            }
        };
    }

    private static BlockList blocking(String users) {
        return new BlockList(configuration(users, "*"), Map.of("service.pid", "org.example.blocklist~leave"));
    }

    private static Effect says(AccessPolicy policy, long uid) {
        return policy.evaluate(FakePeer.of(uid).connects("echo")).effect();
    }

    @Test
    void denies_the_listed_users_and_never_allows() {
        BlockList policy = blocking("1001, 1002");
        assertEquals("blocklist~leave", policy.id());
        assertEquals(Effect.DENY, says(policy, 1001));
        assertEquals(Effect.DENY, says(policy, 1002));
        assertEquals(Effect.ABSTAIN, says(policy, 1003));
    }

    @Test
    void a_change_counts_at_once_and_whole() {
        BlockList policy = blocking("1001");
        AccessPolicy before = policy.snapshot();
        policy.modified(configuration("1002", "echo , board"));
        assertEquals(Effect.ABSTAIN, says(policy.snapshot(), 1001));
        assertFalse(policy.snapshot().scope().covers("console", "connect"));
        assertTrue(policy.snapshot().scope().covers("board", "connect"));
        assertEquals(Effect.DENY, says(before, 1001));
        assertTrue(before.scope().covers("console", "connect"));
    }

    @Test
    void a_mistake_leaves_the_last_good_list_in_force() {
        BlockList policy = blocking("1001");
        policy.modified(configuration("1002, l003", "nowhere"));
        assertEquals(Effect.DENY, says(policy, 1001));
        assertTrue(policy.scope().covers("echo", "connect"));
        assertEquals(State.LAST_GOOD, policy.status().state());
        assertEquals("blocklist~leave: users = l003 is no user id.", policy.status().problem().orElseThrow());
        policy.modified(configuration("1002", "*"));
        assertEquals(State.ACTIVE, policy.status().state());
        assertEquals(Effect.ABSTAIN, says(policy, 1001));
    }

    @Test
    void a_mistake_at_first_denies_everybody() {
        BlockList policy = blocking("alice");
        assertEquals(Effect.DENY, says(policy, 1003));
        assertEquals(State.REJECTED, policy.status().state());
        policy.modified(configuration("bob", "*"));
        assertEquals(Effect.DENY, says(policy, 1003));
        policy.modified(configuration("", "*"));
        assertEquals(Effect.ABSTAIN, says(policy, 1003));
    }
}
