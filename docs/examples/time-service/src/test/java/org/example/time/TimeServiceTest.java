/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.peercred.testing.LineDriver;

class TimeServiceTest {

    @Test
    void tells_the_time_until_the_client_says_good_bye() {
        LineDriver client = LineDriver.open(new TimeService(), 1001);
        OffsetDateTime tokyo = OffsetDateTime.parse(client.ask("Asia/Tokyo").strip());
        assertEquals(ZoneOffset.ofHours(9), tokyo.getOffset());
        assertEquals("There is no such time zone.\n", client.ask("Mars"));
        assertEquals("There is no such time zone.\n", client.ask(""));
        assertEquals("Good bye, user 1001\n", client.ask("bye"));
        assertTrue(client.ended());
    }
}
