/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.systemd.NotifyEnvironment;
import org.peercred.listener.internal.systemd.NotifySocket;
import org.peercred.listener.internal.systemd.ServiceNotifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the container a good service of systemd's, if it is one: tells how it is, and turns nobody away at its end who can wait for its next
 * start. Where systemd asks for nothing it does nothing.
 */
@Component(
        name = "org.peercred.listener.systemd",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = {},
        immediate = true)
public final class SystemdComponent {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdComponent.class);
    private static final String LISTENERS = "(service.factoryPid=" + ListenerSettings.PID + ")";

    private final EngineComponent engine;
    private final ConfigurationAdmin admin;
    private final UnaryOperator<String> environment;
    /** At once, and before any bundle is stopped. */
    private final SynchronousBundleListener frameworkStops = this::happened;

    private Optional<ServiceNotifier> notifier = Optional.empty();
    private BundleContext context;

    /**
     * @param engine the listeners and event loops
     * @param admin knows how many listeners there should be
     */
    @Activate
    public SystemdComponent(
            @Reference(name = "engine") EngineComponent engine, @Reference(name = "admin") ConfigurationAdmin admin) {
        this(engine, admin, System::getenv);
    }

    /** Works in another environment. */
    SystemdComponent(EngineComponent engine, ConfigurationAdmin admin, UnaryOperator<String> environment) {
        this.engine = engine;
        this.admin = admin;
        this.environment = environment;
    }

    @Activate
    void activate(BundleContext bundleContext) {
        context = bundleContext;
        if (engine.passed() == null) {
            // No system call can be made.
            return;
        }
        NotifyEnvironment wanted = NotifyEnvironment.of(environment);
        notifier = wanted.socket().flatMap(name -> notifier(name, wanted));
        if (notifier.isPresent() || !engine.passed().isEmpty()) {
            context.addBundleListener(frameworkStops);
        }
        notifier.ifPresent(ServiceNotifier::start);
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(frameworkStops);
        notifier.ifPresent(ServiceNotifier::suspend);
    }

    private Optional<ServiceNotifier> notifier(String name, NotifyEnvironment wanted) {
        Readiness readiness = new Readiness(engine::listeners, this::configured, System::nanoTime);
        try {
            return Optional.of(new ServiceNotifier(
                    NotifySocket.of(engine.libc(), name),
                    wanted.watchdog(),
                    engine::loops,
                    readiness::isReady,
                    readiness::status));
        } catch (SocketPathException e) {
            LOG.warn(
                    "NOTIFY_SOCKET = {}: {}; systemd is not told how this service is.",
                    ForeignText.escape(name),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private OptionalInt configured() {
        try {
            Configuration[] found = admin.listConfigurations(LISTENERS);
            return OptionalInt.of(found == null ? 0 : found.length);
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.debug("The configurations cannot be listed.", e);
            return OptionalInt.empty();
        }
    }

    private void happened(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            notifier.ifPresent(ServiceNotifier::stopping);
            List<ListenerSupervisor> listeners = engine.listeners();
            listeners.forEach(ListenerSupervisor::stopAccepting);
            listeners.forEach(ListenerSupervisor::lastCall);
        }
    }
}
