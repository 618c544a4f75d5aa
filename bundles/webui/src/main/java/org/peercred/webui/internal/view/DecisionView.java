/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog.Entry;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.json.Json;

/** An event of the audit as the page is told of it: with the keys of the audit's own JSON, and the line as the log has it. */
public final class DecisionView {

    private DecisionView() {}

    /**
     * What is told.
     *
     * @param entry the event and its line
     * @param accounts knows names
     * @return for {@link Json}
     */
    public static Map<String, Object> of(Entry entry, Accounts accounts) {
        AuditEvent event = entry.event();
        return Json.object(
                "time", event.time().toString(),
                "event", event.type().label(),
                "warning", event.type().isWarning(),
                "listener", event.listener(),
                "connection", event.connection(),
                "uid", event.uid(),
                "user", Names.user(event.uid(), accounts),
                "gid", event.gid(),
                "pid", event.pid(),
                "action", event.action(),
                "policy", event.policy(),
                "details", new TreeMap<>(event.details()),
                "reason", Optional.of(event.reason()).filter(reason -> !reason.isEmpty()),
                "line", entry.line());
    }
}
