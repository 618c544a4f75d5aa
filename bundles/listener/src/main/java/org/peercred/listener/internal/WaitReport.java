/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.engine.Collaborators;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a listener is waiting for, once that has lasted longer than starting and updating bundles takes. */
final class WaitReport {

    private static final Logger LOG = LoggerFactory.getLogger(WaitReport.class);
    private static final long PATIENCE_MILLIS = 3000;

    private final EngineComponent engine;
    private String latest = "";
    private String reported = "";
    private boolean stopped;

    WaitReport(EngineComponent engine) {
        this.engine = engine;
    }

    /**
     * Looks again.
     *
     * @param settings say which service is wanted
     * @param used what the listener works with
     * @param offered names of all services that there are
     */
    synchronized void check(ListenerSettings settings, Collaborators used, Set<String> offered) {
        List<String> missing = new ArrayList<>();
        if (used.provider().isEmpty()) {
            missing.add("the credential provider");
        }
        if (used.accessControl().isEmpty()) {
            missing.add("the access control");
        }
        if (used.offers().isEmpty()) {
            missing.add("a service that matches " + settings.serviceTarget());
        }
        String now = missing.isEmpty()
                ? ""
                : ForeignText.escape("Listener " + settings.name() + " waits for " + String.join(" and ", missing)
                        + "; until then nobody is served." + others(used, offered));
        if (now.equals(latest)) {
            return;
        }
        latest = now;
        engine.later(() -> report(now), PATIENCE_MILLIS);
    }

    /** What it is waiting for now, however long; the empty string if for nothing. */
    synchronized String problem() {
        return latest;
    }

    /** Whether the log has what it is waiting for, if it is. */
    synchronized boolean isSaid() {
        return latest.isEmpty() || latest.equals(reported);
    }

    synchronized void stop() {
        stopped = true;
    }

    private static String others(Collaborators used, Set<String> offered) {
        return used.offers().isEmpty() && !offered.isEmpty()
                ? " There is " + String.join(", ", new TreeSet<>(offered)) + "."
                : "";
    }

    private synchronized void report(String message) {
        if (stopped || !message.equals(latest) || message.equals(reported)) {
            return;
        }
        reported = message;
        if (!message.isEmpty()) {
            LOG.warn(message);
        }
    }
}
