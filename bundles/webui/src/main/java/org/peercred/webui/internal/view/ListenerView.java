/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.peercred.common.json.Json;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;

/** A listener as the page is told of it. */
public final class ListenerView {

    private ListenerView() {}

    /**
     * What is told.
     *
     * @param listener the listener
     * @return for {@link Json}
     */
    public static Map<String, Object> of(ListenerReport listener) {
        Counters counters = listener.counters();
        return Json.object(
                "listener", listener.name(),
                "listening", listener.listening(),
                "socket", Optional.of(listener.path()).filter(path -> !path.isEmpty()),
                "requiredPolicies", new TreeSet<>(listener.requiredPolicies()),
                "open", counters.open(),
                "allowed", counters.allowed(),
                "denied", counters.denied(),
                "limited", counters.limited(),
                "lines", counters.lines(),
                "received", counters.received(),
                "sent", counters.sent(),
                "requests", counters.requests(),
                "problem", listener.problem());
    }
}
