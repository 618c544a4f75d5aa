/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;

/** How a configuration comes into force, or does not: the newest, the last good one, or none. */
@Timeout(120)
class ReloadTest {

    private static final String PID = "org.peercred.test";

    /** What is done later is done when the test says so. */
    private static final class Later implements Chores {
        private final Deque<Runnable> slow = new ArrayDeque<>();
        private Runnable due = () -> {};
        private Duration delay = Duration.ZERO;
        private boolean full;
        private boolean hangs;

        @Override
        public boolean run(Runnable task) {
            if (full) {
                throw new OutOfMemoryError("unable to create native thread: a test");
            }
            if (hangs) {
                slow.add(task);
                return false;
            }
            task.run();
            return true;
        }

        @Override
        public Chore chore(Runnable task) {
            return wait -> {
                delay = wait;
                due = task;
            };
        }

        void pass() {
            Runnable task = due;
            due = () -> {};
            delay = Duration.ZERO;
            task.run();
        }
    }

    /** One value, "in force" once accepted; an exclamation mark is not understood, a question mark is asked for. */
    private final class Fake implements Subject<Reading<String>, String, String> {
        private String failing = "";
        private boolean answers = true;
        private Runnable meanwhile = () -> {};
        private String good = "none";
        private String state = "none";
        private String announced = "none";
        private boolean whole;

        private void fail(String where) {
            if (failing.equals(where)) {
                failing = "";
                throw new OutOfMemoryError("a test: " + where);
            }
        }

        @Override
        public Reading<String> read(Map<String, ?> properties) {
            fail("read");
            Config config = new Config(properties, ConfigSource.of(properties, PID));
            return Reading.of(config, () -> {
                String value = config.word("key", "");
                if (value.endsWith("!")) {
                    throw config.invalid("key", value, "a test");
                }
                if (value.endsWith("0")) {
                    throw new ArithmeticException("a test");
                }
                return value;
            });
        }

        @Override
        public Reading<?> reading(Reading<String> attempt) {
            return attempt;
        }

        @Override
        public boolean mayBlock(Reading<String> attempt) {
            return attempt.value().orElseThrow().endsWith("?");
        }

        @Override
        public Result<String, String> load(Reading<String> attempt) throws ConfigException {
            fail("load");
            Runnable now = meanwhile;
            meanwhile = () -> {};
            now.run();
            String value = attempt.value().orElseThrow();
            return answers || !mayBlock(attempt)
                    ? Result.whole(value)
                    : Result.wanting("etc: key = " + value + ": nobody answers.", Optional.of("part of " + value));
        }

        @Override
        public Optional<String> unasked(Reading<String> attempt) {
            return Optional.of("unasked");
        }

        @Override
        public Runnable accept(Reading<String> attempt, String loaded, Predicate<String> fresh) {
            fail("accept");
            return swap(loaded, loaded, true);
        }

        @Override
        public Runnable refuse(
                Reading<String> attempt, String problem, Optional<String> partly, Predicate<String> fresh) {
            fail("refuse");
            Runnable rest = swap(good, good + partly.map(part -> " and " + part).orElse(""), false);
            boolean tell = fresh.test(problem);
            return () -> {
                if (tell) {
                    said.add(problem);
                }
                rest.run();
            };
        }

        private Runnable swap(String newGood, String newState, boolean newWhole) {
            good = newGood;
            state = newState;
            whole = newWhole;
            return () -> {
                fail("announce");
                announced = state;
            };
        }

        @Override
        public void discard(String loaded) {
            discarded.add(loaded);
        }

        @Override
        public boolean isWhole() {
            return whole;
        }

        @Override
        public boolean isAnnounced() {
            return announced.equals(state);
        }
    }

    private final List<String> said = new ArrayList<>();
    private final List<String> discarded = new ArrayList<>();
    private final Later later = new Later();
    private final Fake subject = new Fake();
    private final Reload<Reading<String>, String, String> reload = new Reload<>(subject, later);

    private static Map<String, Object> configured(String value) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.pid", PID);
        properties.put("felix.fileinstall.filename", "file:/etc/" + PID + ".cfg");
        properties.put("key", value);
        return properties;
    }

    private static String problem(String value) {
        return "etc/org.peercred.test.cfg: key = " + value + ": a test.";
    }

    @Test
    void a_good_configuration_is_in_force_at_once() {
        reload.deliver(configured("a"));
        assertEquals("a", subject.announced);
    }

    @Test
    void a_first_bad_one_puts_nothing_in_force_until_a_good_one_comes() {
        reload.deliver(configured("a!"));
        assertEquals("none", subject.state);
        assertEquals(List.of(problem("a!")), said);
        reload.deliver(configured("a"));
        assertEquals("a", subject.announced);
        assertTrue(subject.whole);
    }

    @Test
    void a_bad_one_leaves_the_last_good_one_in_force_and_says_why() {
        reload.deliver(configured("a"));
        reload.deliver(configured("b!"));
        assertEquals("a", subject.announced);
        assertFalse(subject.whole);
        assertEquals(List.of(problem("b!")), said);
        reload.deliver(configured("c"));
        assertEquals("c", subject.announced);
    }

    @Test
    void what_cannot_even_be_read_counts_as_bad() {
        reload.deliver(configured("a"));
        reload.deliver(configured("0"));
        assertEquals("a", subject.announced);
        assertEquals(List.of("etc/org.peercred.test.cfg: it could not be read (ArithmeticException)."), said);
    }

    @Test
    void the_same_problem_is_told_once_until_the_configuration_changes() {
        reload.deliver(configured("a!"));
        reload.deliver(configured("a!"));
        assertEquals(1, said.size());
        reload.deliver(configured("a"));
        reload.deliver(configured("a!"));
        assertEquals(2, said.size());
    }

    @Test
    void the_same_configuration_again_changes_nothing() {
        reload.deliver(configured("a"));
        subject.failing = "accept";
        reload.deliver(configured("a"));
        assertEquals("accept", subject.failing);
    }

    @Test
    void what_nobody_answers_is_asked_for_again_later_each_time_and_counts_in_part() {
        subject.answers = false;
        reload.deliver(configured("a?"));
        assertEquals("none and part of a?", subject.announced);
        assertEquals(Duration.ofSeconds(1), later.delay);
        later.pass();
        assertEquals(Duration.ofSeconds(2), later.delay);
        assertEquals(List.of("etc: key = a?: nobody answers."), said);
        subject.answers = true;
        later.pass();
        assertEquals("a?", subject.announced);
        assertEquals(Duration.ZERO, later.delay);
    }

    @Test
    void what_takes_long_holds_nobody_up_and_counts_in_part_meanwhile() {
        later.hangs = true;
        reload.deliver(configured("a?"));
        assertEquals("none and unasked", subject.announced);
        later.slow.remove().run();
        assertEquals("a?", subject.announced);
    }

    @Test
    void an_older_configuration_that_took_longer_does_not_come_into_force() {
        later.hangs = true;
        reload.deliver(configured("a?"));
        reload.deliver(configured("b"));
        later.slow.remove().run();
        assertEquals("b", subject.announced);
        assertEquals(List.of(), discarded, "it was not even loaded");
    }

    @Test
    void what_was_loaded_too_late_is_given_back() {
        subject.meanwhile = () -> reload.deliver(configured("b"));
        reload.deliver(configured("a"));
        assertEquals("b", subject.announced);
        assertEquals(List.of("a"), discarded);
    }

    @Test
    void what_cannot_be_loaded_for_a_reason_of_its_own_is_tried_again() {
        subject.meanwhile = () -> {
            throw new ArithmeticException("a test");
        };
        reload.deliver(configured("a"));
        assertEquals(List.of("etc/org.peercred.test.cfg: it could not be loaded (ArithmeticException)."), said);
        later.pass();
        assertEquals("a", subject.announced);
    }

    @Test
    void nothing_comes_into_force_any_more_once_it_is_closed() {
        reload.deliver(configured("a"));
        assertTrue(reload.change(() -> () -> said.add("changed")));
        assertTrue(reload.close());
        assertFalse(reload.close());
        assertTrue(reload.isClosed());
        reload.deliver(configured("b"));
        assertFalse(reload.change(() -> () -> said.add("changed again")));
        assertEquals("a", subject.state);
        assertEquals(List.of("changed"), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "load", "accept", "announce"})
    void an_error_on_the_way_loses_no_change(String where) {
        reload.deliver(configured("a"));
        subject.failing = where;
        reload.deliver(configured("b"));
        assertEquals("a", subject.announced);
        assertEquals(Chores.PAUSE, later.delay);
        later.pass();
        assertEquals("b", subject.announced);
        assertTrue(subject.whole);
    }

    @Test
    void what_was_loaded_is_discarded_where_an_error_keeps_it_from_being_in_force() {
        subject.failing = "accept";
        reload.deliver(configured("a"));
        assertEquals(List.of("a"), discarded);
        later.pass();
        assertEquals("a", subject.announced);
        assertEquals(List.of("a"), discarded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "refuse"})
    void an_error_on_the_way_loses_no_refusal(String where) {
        reload.deliver(configured("a"));
        subject.failing = where;
        reload.deliver(configured("b!"));
        later.pass();
        assertEquals("a", subject.announced);
        assertFalse(subject.whole);
        assertEquals(List.of(problem("b!")), said);
    }

    @Test
    void where_there_is_no_thread_it_counts_in_part_and_is_tried_again() {
        later.full = true;
        reload.deliver(configured("a?"));
        assertEquals("none and unasked", subject.announced);
        later.full = false;
        later.pass();
        assertEquals("a?", subject.announced);
    }
}
