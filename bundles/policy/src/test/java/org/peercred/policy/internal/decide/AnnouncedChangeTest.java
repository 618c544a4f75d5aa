/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;
import org.peercred.common.testing.Logged;
import org.peercred.policy.internal.testing.FakePeer;
import org.peercred.policy.internal.testing.FixedPolicy;

/** Whoever's a policy is, it tells of its changes in one way. */
@Timeout(120)
class AnnouncedChangeTest {

    /** Covers nothing until it is opened, and says so when it is told to. */
    private static final class Door implements AccessPolicy {
        private volatile Runnable changed = () -> {};
        private volatile AccessPolicy now;

        Door() {
            now = FixedPolicy.allow("door").on("none");
        }

        void open() {
            now = FixedPolicy.allow("door");
            changed.run();
        }

        @Override
        public String id() {
            return "door";
        }

        @Override
        public AccessPolicy snapshot() {
            return now;
        }

        @Override
        public PolicyScope scope() {
            return now.scope();
        }

        @Override
        public Verdict evaluate(AccessRequest request) {
            return now.evaluate(request);
        }

        @Override
        public void onChange(Runnable newChanged) {
            changed = newChanged;
        }
    }

    /** Throws what it is told to throw. */
    private static final class Broken implements AccessPolicy {
        private final RuntimeException thrown;
        private final boolean early;

        Broken(RuntimeException thrown, boolean early) {
            this.thrown = thrown;
            this.early = early;
        }

        @Override
        public String id() {
            return "broken";
        }

        @Override
        public PolicyScope scope() {
            return PolicyScope.EVERYTHING;
        }

        @Override
        public Verdict evaluate(AccessRequest request) {
            throw thrown;
        }

        @Override
        public void onChange(Runnable changed) {
            if (early) {
                throw thrown;
            }
        }
    }

    private final Decisions decisions = new Decisions();
    private final List<Long> heard = new ArrayList<>();

    private boolean open() {
        return decisions.decide(FakePeer.uid(1001).connect("echo")).allowed();
    }

    @Test
    void a_change_of_a_foreign_policy_counts_and_is_told_at_once() {
        decisions.add(heard::add);
        Door door = new Door();
        decisions.add(door, door);
        assertFalse(open());
        heard.clear();
        door.open();
        assertTrue(open());
        assertEquals(List.of(decisions.generation()), heard);
    }

    @Test
    void a_policy_that_is_gone_is_not_heard_any_more() {
        Door door = new Door();
        decisions.add(door, door);
        Runnable before = door.changed;
        decisions.remove(door);
        long generation = decisions.generation();
        door.open();
        before.run();
        assertFalse(open());
        assertEquals(generation, decisions.generation());
    }

    @Test
    void a_change_while_the_policy_is_being_taken_in_is_not_lost() {
        Door door = new Door();
        AccessPolicy early = new AccessPolicy() {
            @Override
            public String id() {
                return door.id();
            }

            @Override
            public AccessPolicy snapshot() {
                AccessPolicy before = door.snapshot();
                if (!door.now.scope().covers("echo", "connect")) {
                    door.open();
                }
                return before;
            }

            @Override
            public PolicyScope scope() {
                return door.scope();
            }

            @Override
            public Verdict evaluate(AccessRequest request) {
                return door.evaluate(request);
            }

            @Override
            public void onChange(Runnable changed) {
                door.onChange(changed);
            }
        };
        decisions.add(early, early);
        assertTrue(open());
    }

    @Test
    void a_policy_whose_changes_nobody_would_hear_of_denies_everything() {
        decisions.add("owner", FixedPolicy.allow("owner"));
        decisions.add("broken", new Broken(new IllegalStateException("a test"), true));
        assertFalse(open());
        assertEquals(
                1,
                Logged.lines("WARN", "AnnouncedChangeTest$Broken: java.lang.IllegalStateException: a test", "at org.")
                        .size());
        decisions.remove("broken");
        assertTrue(open());
    }

    @Test
    void the_log_names_the_class_of_a_policy_that_throws_and_the_place() {
        decisions.add("broken", new Broken(new IllegalStateException("thrown in a test"), false));
        assertFalse(open());
        assertFalse(open());
        assertEquals(
                1,
                Logged.lines(
                                "WARN",
                                "The policy broken failed (IllegalStateException): it denies. ",
                                "AnnouncedChangeTest$Broken: java.lang.IllegalStateException: thrown in a test, at "
                                        + AnnouncedChangeTest.class.getName() + ".")
                        .size());
    }

    @Test
    void what_throws_when_it_is_asked_what_it_is_denies_as_well() {
        decisions.add(
                "broken",
                new Broken(
                        new IllegalStateException() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            public String getMessage() {
                                throw new IllegalStateException("a test");
                            }
                        },
                        false));
        assertEquals(
                Optional.of("broken"),
                decisions.decide(FakePeer.uid(1001).connect("echo")).policy());
    }
}
