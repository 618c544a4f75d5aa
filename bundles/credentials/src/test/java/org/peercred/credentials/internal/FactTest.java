/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;

/** A fact as people read it. */
@Timeout(120)
class FactTest {

    @Test
    void shows_its_value_and_says_if_it_was_only_observed() {
        assertEquals("unconfined", Fact.attested("unconfined").toString());
        assertEquals("/usr/bin/nc (observed)", Fact.observed("/usr/bin/nc").toString());
    }

    @Test
    void says_why_it_is_absent() {
        assertEquals(
                "unknown: this kernel has no SO_PEERPIDFD",
                Fact.absent(Grade.ATTESTED, "this kernel has no SO_PEERPIDFD").toString());
    }
}
