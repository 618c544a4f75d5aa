/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import org.peercred.common.json.Json;
import org.peercred.service.AuditReport;
import org.peercred.service.EngineReport;
import org.peercred.service.EngineStatistics;

/** Engine and audit as the page is told of them. */
public final class EngineView {

    private EngineView() {}

    /**
     * What is told.
     *
     * @param statistics knows it
     * @return for {@link Json}
     */
    public static Map<String, Object> of(EngineStatistics statistics) {
        EngineReport engine = statistics.engine();
        AuditReport audit = statistics.audit();
        return Json.object(
                "loops", engine.loops(),
                "threads", engine.threads(),
                "maxThreads", engine.maxThreads(),
                "descriptors", engine.descriptors(),
                "maxDescriptors", engine.maxDescriptors(),
                "heldBytes", engine.heldBytes(),
                "maxHeldBytes", engine.maxHeldBytes(),
                "auditWritten", audit.written(),
                "auditLost", audit.lost(),
                "auditBehind", audit.behind());
    }
}
