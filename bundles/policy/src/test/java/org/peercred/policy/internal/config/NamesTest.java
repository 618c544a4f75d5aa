/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.NameServiceException;

@Timeout(120)
class NamesTest {

    private long now;
    private final List<String> asked = new ArrayList<>();
    private final Names names =
            new Names(new Config(Map.of(), new ConfigSource("pid", "etc/file.cfg", "name")), () -> now);

    @ParameterizedTest
    @CsvSource({"0,3", "200,3", "300,1", "60000,1"})
    void a_service_that_takes_its_time_not_to_answer_is_asked_for_one_name_only(long millis, int questions) {
        for (String name : List.of("alice", "bob", "carol")) {
            names.ask("allow", name, name, "user", asking -> {
                asked.add(asking);
                now += Duration.ofMillis(millis).toNanos();
                throw new NameServiceException("ENOENT");
            });
        }
        assertEquals(questions, asked.size());
        assertFalse(names.firm());
        assertEquals(
                Optional.of(
                        "etc/file.cfg: allow = alice: the name service does not answer and is asked again until it does."
                                + " More names are not known: 2."),
                names.problem());
    }

    @Test
    void a_service_that_takes_its_time_to_answer_is_asked_for_all() {
        for (String name : List.of("alice", "bob")) {
            names.ask("allow", name, name, "user", asking -> {
                now += Duration.ofMinutes(1).toNanos();
                return OptionalLong.of(asking.length());
            });
        }
        assertEquals(Map.of("alice", 5L, "bob", 3L), names.known());
        assertEquals(Optional.empty(), names.problem());
    }
}
