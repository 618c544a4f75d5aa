/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What the engine of the listeners has measured, for who watches it. May be called by any thread; waits for no event loop. */
@ProviderType
public interface EngineStatistics {

    /**
     * What the engine uses now, and may use.
     *
     * @return read when it is called
     */
    EngineReport engine();

    /**
     * What the audit has done.
     *
     * @return counted since the audit was started
     */
    AuditReport audit();

    /**
     * How long answers took, of each listener that has been started.
     *
     * @return by the listener's name
     */
    List<LatencyReport> latencies();
}
