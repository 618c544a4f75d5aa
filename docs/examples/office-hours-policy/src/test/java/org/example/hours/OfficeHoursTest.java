/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.hours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AccessPolicy;
import org.peercred.testing.FakePeer;

class OfficeHoursTest {

    @ParameterizedTest
    @CsvSource({
        "07:59:59, DENY",
        "08:00:00, ABSTAIN",
        "17:59:59, ABSTAIN",
        "18:00:00, DENY",
        "00:00:00, DENY",
    })
    void denies_at_night_and_never_allows(String time, String effect) {
        Clock clock = Clock.fixed(Instant.parse("2026-01-05T" + time + "Z"), ZoneOffset.UTC);
        AccessPolicy policy = new OfficeHours(clock);
        assertEquals("office-hours", policy.id());
        assertTrue(policy.scope().covers("any", "connect"));
        assertEquals(effect, policy.evaluate(FakePeer.of(1001).connects("echo")).effect().name());
    }
}
