/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.Described;

/** What configuration tools are told is what the code reads. */
@Timeout(120)
class MetatypeTest {

    @Test
    void the_keys_of_web_applications_are_described() throws Exception {
        Described.assertDescribes(HttpSettings.PID, HttpSettings.SCHEMA.keys());
    }
}
