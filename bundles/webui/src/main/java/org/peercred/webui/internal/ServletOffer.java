/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.peercred.common.threads.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a servlet for web servers, and again where one that runs has not taken it after a while: Pax Web 8 forgets what is published while
 * it comes up, for as long as it runs. Safe to be used by any thread.
 */
final class ServletOffer {

    /** What the OSGi HTTP Whiteboard (chapter 140) registers where a web server runs; by name, for it need not be there. */
    static final String RUNTIME = "org.osgi.service.http.runtime.HttpServiceRuntime";

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ServletOffer.class);

    private final BundleContext context;
    private final Servlet servlet;
    private final Taken state;
    private final Map<String, ?> properties;
    private final ScheduledThreadPoolExecutor clock =
            new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-webui"));

    private ServiceRegistration<Servlet> registration;
    private boolean withdrawn;

    /** Knows whether a web server has a servlet. */
    @FunctionalInterface
    interface Taken {

        /** Whether one has it now. May be called by any thread. */
        boolean isTaken();
    }

    /** Publishes nothing yet. */
    <S extends Servlet & Taken> ServletOffer(BundleContext context, S servlet, Map<String, ?> properties) {
        this.context = context;
        this.servlet = servlet;
        this.state = servlet;
        this.properties = properties;
    }

    /** Publishes it. */
    void make() {
        make(PAUSE);
    }

    void make(Duration pause) {
        publish();
        Future<?> unused =
                clock.scheduleWithFixedDelay(this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends it for good. */
    void withdraw() {
        clock.shutdownNow();
        synchronized (this) {
            withdrawn = true;
            unpublish();
        }
    }

    private void look() {
        try {
            if (!state.isTaken() && context.getServiceReference(RUNTIME) != null) {
                LOG.info("The web server has not taken this bundle's servlet, which is offered again.");
                synchronized (this) {
                    unpublish();
                    publish();
                }
            }
        } catch (RuntimeException e) {
            if (clock.isShutdown()) {
                LOG.debug("The bundle ends", e);
            } else {
                LOG.warn("This bundle's servlet cannot be offered to the web server: {}", e.toString());
            }
        }
    }

    private synchronized void publish() {
        if (!withdrawn) {
            registration = context.registerService(Servlet.class, servlet, FrameworkUtil.asDictionary(properties));
        }
    }

    private synchronized void unpublish() {
        ServiceRegistration<Servlet> before = registration;
        registration = null;
        if (before == null) {
            return;
        }
        try {
            before.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("The framework was faster", e);
        }
    }
}
