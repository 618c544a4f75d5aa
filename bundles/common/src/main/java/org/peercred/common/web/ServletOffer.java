/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.servlet.Servlet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceRegistration;
import org.peercred.common.threads.Threads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a servlet for web servers, and again for as long as one that runs has not taken it. Pax Web 8 finds a servlet's contexts
 * and remembers the servlet in two steps: what is published while a web server comes up, between the two, is forgotten for as
 * long as that server runs. Safe to be used by any thread.
 */
public final class ServletOffer {

    /** What the OSGi HTTP Whiteboard (chapter 140) registers where a web server runs; by name, for it need not be there. */
    static final String RUNTIME = "org.osgi.service.http.runtime.HttpServiceRuntime";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ServletOffer.class);

    private final BundleContext context;
    private final Servlet servlet;
    private final Taken state;
    private final Map<String, ?> properties;
    private final Duration patience;
    private final ServiceListener arrivals = event -> {
        if (event.getType() == ServiceEvent.REGISTERED) {
            lookLater();
        }
    };
    private final ScheduledThreadPoolExecutor clock;
    /** Of its own, not under the lock: a web server's thread that comes here must not wait for one that waits for it. */
    private final AtomicReference<Future<?>> next = new AtomicReference<>();

    private ServiceRegistration<Servlet> registration;
    private boolean withdrawn;

    /** Knows whether a web server has a servlet. */
    @FunctionalInterface
    public interface Taken {

        /** Whether one has it now. May be called by any thread. */
        boolean isTaken();
    }

    /**
     * Publishes nothing yet.
     *
     * @param context publishes it
     * @param servlet is initialised by the web server that takes it
     * @param properties of the service: a name, where it is, and that it is to be initialised at once, for only so it is known
     *     whether a web server has it
     * @param thread the name of the thread that looks, which ends where there is nothing to look for
     */
    public <S extends Servlet & Taken> ServletOffer(
            BundleContext context, S servlet, Map<String, ?> properties, String thread) {
        this(context, servlet, properties, thread, PATIENCE);
    }

    <S extends Servlet & Taken> ServletOffer(
            BundleContext context, S servlet, Map<String, ?> properties, String thread, Duration patience) {
        this.context = context;
        this.servlet = servlet;
        this.state = servlet;
        this.properties = properties;
        this.patience = patience;
        clock = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, thread));
        clock.setKeepAliveTime(1, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Publishes the servlet. */
    public void make() {
        try {
            context.addServiceListener(arrivals, "(" + Constants.OBJECTCLASS + "=" + RUNTIME + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        publish();
        lookLater();
    }

    /** Ends it for good. */
    public void withdraw() {
        context.removeServiceListener(arrivals);
        clock.shutdownNow();
        synchronized (this) {
            withdrawn = true;
            unpublish();
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

    private void lookLater() {
        Future<?> before = next.getAndSet(clock.schedule(this::look, patience.toMillis(), TimeUnit.MILLISECONDS));
        if (before != null) {
            before.cancel(false);
        }
    }

    private void look() {
        try {
            if (state.isTaken() || context.getServiceReference(RUNTIME) == null) {
                return;
            }
            LOG.info("The web server has not taken this bundle's servlet, which is offered again.");
            unpublish();
            publish();
        } catch (RuntimeException e) {
            if (clock.isShutdown()) {
                LOG.debug("The bundle ends", e);
            } else {
                LOG.warn("This bundle's servlet cannot be offered to the web server: {}", e.toString());
            }
        }
        lookLater();
    }
}
