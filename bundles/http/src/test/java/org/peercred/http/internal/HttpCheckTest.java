/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peercred.access.ConfigurationCheck.Mention;
import org.peercred.access.ConfigurationCheck.Subject;

/** What the configuration of web applications wants to be made by others. */
class HttpCheckTest {

    private final HttpCheck check = new HttpCheck();

    @Test
    void a_role_of_the_console_has_to_be_given_by_somebody() {
        assertEquals(
                List.of(new Mention(Subject.ROLE, "admin", "console.role", false)),
                check.mentions(HttpSettings.PID, Map.of("console.role", " admin ")));
    }

    @Test
    void without_one_nothing_is_wanted() {
        assertEquals(List.of(), check.mentions(HttpSettings.PID, Map.of()));
        assertEquals(List.of(), check.mentions(HttpSettings.PID, Map.of("console.role", " ")));
    }
}
