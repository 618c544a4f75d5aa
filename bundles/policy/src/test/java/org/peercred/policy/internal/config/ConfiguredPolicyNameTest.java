/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict.Effect;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.Settings;

/** What a policy is called. */
@Timeout(120)
class ConfiguredPolicyNameTest extends ConfiguredPolicyFixture {

    @Test
    void the_name_comes_from_the_key_else_the_file_else_the_pid() {
        assertEquals(
                "uid~given", start(Settings.of("uid", "team", "name", "given")).id());
        assertEquals("uid~team", start(Settings.of("uid", "team")).id());
        assertEquals("uid~team", start(Settings.fileless("uid", "team")).id());
        Map<String, Object> edited = Settings.of("uid", "team");
        edited.put("service.pid", "org.peercred.policy.uid.0b1c");
        assertEquals("uid~team", start(edited).id());
    }

    @Test
    void a_new_name_is_taken_in_place() {
        UidPolicy policy = start(Settings.of("uid", "old", "allow", "1001"));
        policy.update(Settings.of("uid", "old", "allow", "1001", "name", "new"));
        assertEquals("uid~new", policy.id());
        assertEquals("uid~new", policy.snapshot().id());
        assertEquals(1, seen.size());
    }

    @Test
    void a_name_that_cannot_be_shown_is_rejected() {
        UidPolicy policy = start(Settings.of("uid", "team", "name", "a, b\nc", "allow", "1001"));
        assertEquals("uid~a__b_c", policy.id());
        assertEquals(State.REJECTED, policy.status().state());
        assertEquals(Effect.DENY, effect(policy));
    }
}
