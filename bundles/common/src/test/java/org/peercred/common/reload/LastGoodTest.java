/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Keys;
import org.slf4j.LoggerFactory;

/** Settings that are read at once. */
@Timeout(120)
class LastGoodTest {

    private static final String PID = "org.peercred.test";

    private final List<String> effects = new ArrayList<>();
    private boolean failing;
    private final LastGood<Integer> settings =
            new LastGood<>(PID, Set.of("key"), this::read, LoggerFactory.getLogger(LastGoodTest.class));

    private int read(Config config) throws ConfigException {
        if (failing) {
            failing = false;
            throw new OutOfMemoryError("a test");
        }
        int number = Keys.number("key", 1, 0, 9).in(config);
        return 12 / number;
    }

    private Optional<Integer> take(String value) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.pid", PID, "key", value));
        return settings.take(properties, () -> {
            effects.add(value);
            return "What counts stays.";
        });
    }

    @Test
    void there_are_none_until_a_good_configuration_comes() {
        assertEquals(Optional.empty(), take("many"));
        assertEquals(Optional.empty(), settings.current());
        assertEquals(PID + ": key = many: it must be a whole number from 0 to 9.", settings.problem());
        assertEquals(Optional.of(6), take("2"));
        assertEquals(Optional.of(6), settings.current());
        assertEquals("", settings.problem());
    }

    @Test
    void a_bad_configuration_leaves_the_last_good_settings() {
        take("2");
        assertEquals(Optional.empty(), take("10"));
        assertEquals(Optional.of(6), settings.current());
        assertEquals(PID + ": key = 10: it must be a whole number from 0 to 9.", settings.problem());
        assertEquals(Optional.of(4), take("3"));
        assertEquals("", settings.problem());
    }

    @Test
    void what_cannot_even_be_read_counts_as_bad() {
        take("2");
        assertEquals(Optional.empty(), take("0"));
        assertEquals(Optional.of(6), settings.current());
        assertEquals(PID + ": it could not be read (ArithmeticException).", settings.problem());
    }

    @Test
    void the_same_problem_is_told_once_until_the_configuration_changes() {
        take("many");
        take("many");
        assertEquals(List.of("many"), effects);
        take("2");
        take("many");
        assertEquals(List.of("many", "many"), effects);
    }

    @Test
    void an_error_leaves_everything_as_it_was() {
        take("2");
        failing = true;
        assertThrows(OutOfMemoryError.class, () -> take("many"));
        assertEquals(Optional.of(6), settings.current());
        assertEquals("", settings.problem());
        take("many");
        assertEquals(List.of("many"), effects);
    }
}
