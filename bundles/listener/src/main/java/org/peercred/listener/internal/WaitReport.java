/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.service.LineService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a listener is waiting for, once that has lasted longer than starting and updating bundles takes. */
final class WaitReport {

    private static final Logger LOG = LoggerFactory.getLogger(WaitReport.class);
    private static final long PATIENCE_MILLIS = 3000;

    private final Engine engine;
    private String latest = "";
    private String reported = "";
    private boolean stopped;

    WaitReport(Engine engine) {
        this.engine = engine;
    }

    synchronized void check(
            ListenerSettings settings,
            Optional<PeerCredentialProvider> provider,
            Optional<AccessControl> accessControl,
            List<LineService> services) {
        List<String> missing = new ArrayList<>();
        if (provider.isEmpty()) {
            missing.add("the credential provider");
        }
        if (accessControl.isEmpty()) {
            missing.add("the access control");
        }
        if (services.isEmpty()) {
            missing.add("a service that matches " + settings.serviceTarget());
        }
        String now = missing.isEmpty()
                ? ""
                : "Listener " + settings.name() + " waits for " + String.join(" and ", missing)
                        + "; until then nobody is served.";
        if (now.equals(latest)) {
            return;
        }
        latest = now;
        engine.later(() -> report(now), PATIENCE_MILLIS);
    }

    synchronized void stop() {
        stopped = true;
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
