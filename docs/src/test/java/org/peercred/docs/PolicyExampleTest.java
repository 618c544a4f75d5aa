/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.example.hours.OfficeHours;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AccessPolicy;

/** docs/writing-a-policy.md shows a policy that works. */
@Timeout(30)
class PolicyExampleTest {

    private static final Path SOURCE =
            Path.of("examples/office-hours-policy/src/main/java/org/example/hours/OfficeHours.java");

    private static AccessPolicy at(String time) throws ReflectiveOperationException {
        Constructor<OfficeHours> constructor = OfficeHours.class.getDeclaredConstructor(Clock.class);
        constructor.setAccessible(true);
        return constructor.newInstance(Clock.fixed(Instant.parse("2026-01-05T" + time + "Z"), ZoneOffset.UTC));
    }

    @Test
    void is_shown_as_it_is() throws Exception {
        String source = Files.readString(SOURCE);
        String shown = source.substring(source.indexOf("package ")).stripTrailing();
        assertTrue(Files.readString(Path.of("writing-a-policy.md")).contains("```java\n" + shown + "\n```"));
    }

    @ParameterizedTest
    @CsvSource({
        "07:59:59, DENY",
        "08:00:00, ABSTAIN",
        "17:59:59, ABSTAIN",
        "18:00:00, DENY",
        "00:00:00, DENY",
    })
    void denies_at_night_and_never_allows(String time, String effect) throws Exception {
        AccessPolicy policy = at(time);
        // It looks at the clock alone.
        assertEquals(effect, policy.evaluate(null).effect().name());
        assertTrue(policy.scope().covers("any", "connect"));
        assertEquals("office-hours", policy.id());
    }
}
