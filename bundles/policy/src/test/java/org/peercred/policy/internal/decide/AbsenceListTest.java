/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.testing.FakePolicy;
import org.peercred.policy.internal.testing.FixedPolicy;
import org.peercred.policy.internal.testing.Settings;

/** Configurations that cannot be listed, or change while they are. */
@Timeout(120)
class AbsenceListTest extends AbsenceFixture {

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
}
