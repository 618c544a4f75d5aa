/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.uptime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peercred.service.CommandException;
import org.peercred.testing.FakeCall;

class UptimeCommandTest {

    @Test
    void tells_the_uptime_in_the_unit_that_is_asked_for() throws CommandException {
        List<String> reply = FakeCall.with("minutes").run(new UptimeCommand());
        assertEquals(1, reply.size());
        assertTrue(reply.get(0).matches("\\d+ minutes"));
    }

    @Test
    void knows_no_other_units() {
        CommandException refusal =
                assertThrows(CommandException.class, () -> FakeCall.with("years").run(new UptimeCommand()));
        assertEquals("seconds, minutes or hours is expected", refusal.getMessage());
    }
}
