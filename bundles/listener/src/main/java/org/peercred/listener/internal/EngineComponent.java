/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.linux.Platform;
import org.peercred.common.reload.LastGood;
import org.peercred.common.threads.Threads;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.engine.ThreadCount;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.service.ThreadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all listeners share: the event loops, the audit, and a thread for work that may wait. */
@Component(
        name = EngineComponent.PID,
        configurationPid = EngineComponent.PID,
        service = {EngineComponent.class, ThreadLimit.class})
@Designate(ocd = EngineConfiguration.class)
public final class EngineComponent implements ThreadLimit {

    static final String PID = "org.peercred.listener.engine";

    private static final Logger LOG = LoggerFactory.getLogger(EngineComponent.class);
    private static final long STOP_MILLIS = 5000;

    private final LastGood<EngineSettings> newest =
            new LastGood<>(PID, EngineSettings.SCHEMA.known(), EngineSettings::from, LOG);
    private final Audit audit;
    private final Supplier<LibC> systemCalls;
    private final Function<LibC, PassedSockets> handedOver;
    private final ThreadCount threads = new ThreadCount();
    private final List<Worker> workers = new ArrayList<>();
    private final List<ListenerSupervisor> listeners = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private Resources resources;
    private PassedSockets passed;
    private ScheduledThreadPoolExecutor background;
    private UserDatabase users;
    private int active;

    /**
     * @param audit takes the listeners' events
     */
    @Activate
    public EngineComponent(@Reference(name = "audit") Audit audit) {
        this(audit, LibC::load);
    }

    /** Works with other system calls. */
    EngineComponent(Audit audit, Supplier<LibC> systemCalls) {
        this(audit, systemCalls, libc -> PassedSockets.of(libc, System::getenv));
    }

    /** Works with other system calls and other sockets of systemd's. */
    EngineComponent(Audit audit, Supplier<LibC> systemCalls, Function<LibC, PassedSockets> handedOver) {
        this.audit = audit;
        this.systemCalls = systemCalls;
        this.handedOver = handedOver;
    }

    @Activate
    synchronized void activate(Map<String, ?> properties) {
        refusal = Platform.refusal().map(why -> why + ": no listener can work");
        background = new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-listeners"));
        // Now, when there are threads to be had, and not when the first listener has to be tried again.
        background.prestartCoreThread();
        if (refusal.isPresent()) {
            LOG.error("{}.", refusal.get());
            return;
        }
        try {
            resources = Resources.of(systemCalls.get());
            passed = handedOver.apply(resources.libc());
            grow(1);
            configure(properties);
            JvmOptions.concern().ifPresent(LOG::warn);
        } catch (IOException | LinkageError e) {
            refusal = Optional.of("The event loops cannot be started: " + e.getMessage());
            LOG.error(refusal.get());
            LOG.debug("The failure", e);
        }
    }

    @Modified
    synchronized void modified(Map<String, ?> properties) {
        if (refusal.isEmpty()) {
            configure(properties);
        }
    }

    @Deactivate
    synchronized void deactivate() {
        background.shutdownNow();
        workers.forEach(worker -> worker.stop(STOP_MILLIS));
        workers.clear();
    }

    @Reference(
            name = "users",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindUsers(UserDatabase users) {
        this.users = users;
    }

    synchronized void unbindUsers(UserDatabase users) {
        if (this.users == users) {
            this.users = null;
        }
    }

    /** Why no listener can work on this system; empty where it can. */
    synchronized Optional<String> refusal() {
        return refusal;
    }

    /** The loops that take new connections. */
    synchronized List<Worker> workers() {
        return List.copyOf(workers.subList(0, active));
    }

    /** All loops, those included that only serve who is connected already. */
    synchronized List<EventLoop> loops() {
        return workers.stream().map(worker -> worker.loop).toList();
    }

    /** Names and ids of users and groups, while there is somebody to ask. */
    synchronized Optional<UserDatabase> users() {
        return Optional.ofNullable(users);
    }

    @Override
    public Optional<Permit> take() {
        return threads.take();
    }

    /** The threads that work for clients. */
    ThreadCount threads() {
        return threads;
    }

    /** What may be kept for connections; empty where {@link #refusal} says that no listener can work. */
    synchronized Optional<Budget> budget() {
        return Optional.ofNullable(resources).map(Resources::budget);
    }

    Audit audit() {
        return audit;
    }

    LibC libc() {
        return resources.libc();
    }

    /** What systemd handed over; as the system calls, not where {@link #refusal} says that no listener can work. */
    PassedSockets passed() {
        return passed;
    }

    /** Runs a task on the thread for work that may wait. Once the engine stops, such tasks are dropped. */
    void later(Runnable task, long delayMillis) {
        try {
            Future<?> unused = background.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine stops.", e);
        }
    }

    /**
     * Runs a task again and again on the thread for work that may wait, whatever it throws, until the engine stops.
     *
     * @param task the task
     * @param pauseMillis the pause before each run
     * @return ends it
     */
    Future<?> every(Runnable task, long pauseMillis) {
        try {
            return background.scheduleWithFixedDelay(() -> run(task), pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine stops.", e);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            EventLoop.report("Work on a listener failed", e);
        }
    }

    synchronized List<ListenerSupervisor> listeners() {
        return List.copyOf(listeners);
    }

    synchronized void add(ListenerSupervisor listener) {
        listeners.add(listener);
    }

    synchronized void remove(ListenerSupervisor listener) {
        listeners.remove(listener);
    }

    private void configure(Map<String, ?> properties) {
        newest.take(properties, () -> "The engine stays as it was, with " + active + " event loops.")
                .ifPresent(this::use);
    }

    private void use(EngineSettings settings) {
        try {
            grow(settings.loops());
            workers.forEach(worker -> worker.loop.spin(settings.spins()));
            resources.budget().limit(settings.total(), settings.perUid());
            threads.limit(settings.threads());
            if (settings.loops() != active) {
                active = settings.loops();
                listeners.forEach(listener -> later(listener::loopsChanged, 0));
            }
        } catch (IOException e) {
            LOG.error("No further event loop can be started: {}. {} stay.", e.getMessage(), active);
        }
    }

    /** Loops are only ever added: one that takes no new connections any more still serves those it has. */
    private void grow(int count) throws IOException {
        while (workers.size() < count) {
            Worker worker = new Worker(resources, "peercred-loop-" + (workers.size() + 1));
            worker.start();
            workers.add(worker);
        }
        active = Math.max(active, 1);
    }
}
