/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.Described;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.audit.AuditSettings;

/** What configuration tools are told is what the code reads. */
@Timeout(120)
class MetatypeTest {

    @Test
    void the_keys_of_a_listener_are_described() throws Exception {
        Described.assertDescribes(ListenerSettings.PID + "~NAME", ListenerKeys.SCHEMA.keys());
    }

    @Test
    void the_keys_of_the_engine_are_described() throws Exception {
        Described.assertDescribes(EngineComponent.PID, EngineSettings.SCHEMA.keys());
    }

    @Test
    void the_keys_of_the_audit_are_described() throws Exception {
        Described.assertDescribes(Audit.PID, AuditSettings.SCHEMA.keys());
    }
}
