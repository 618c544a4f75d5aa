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
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.threads.Threads;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.EventLoop;
import org.peercred.listener.internal.socket.LibC;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all listeners share: the event loops, the audit, and a thread for work that may wait. */
@Component(name = Engine.PID, configurationPid = Engine.PID, service = Engine.class)
@Designate(ocd = EngineConfiguration.class)
public final class Engine {

    static final String PID = "org.peercred.listener.engine";

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Set<String> KEYS = Set.of("loops", "spin");
    private static final int MOST_LOOPS = 64;
    private static final long STOP_MILLIS = 5000;

    private final Audit audit;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<ListenerControl> listeners = new ArrayList<>();
    private Optional<String> refusal = Optional.empty();
    private LibC libc;
    private ScheduledExecutorService worker;
    private UserDatabase users;
    private int active;

    /**
     * Called by DS.
     *
     * @param audit takes the listeners' events
     */
    @Activate
    public Engine(@Reference(name = "audit") AuditComponent audit) {
        this.audit = audit.audit();
    }

    @Activate
    synchronized void activate(Map<String, ?> properties) {
        refusal = Platform.refusal(System.getProperty("os.name"), System.getProperty("os.arch"));
        worker = Executors.newSingleThreadScheduledExecutor(task -> Threads.daemon(task, "peercred-listeners"));
        if (refusal.isPresent()) {
            LOG.error(refusal.get());
            return;
        }
        try {
            libc = LibC.load();
            grow(1);
            configure(properties);
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
        worker.shutdownNow();
        loops.forEach(loop -> loop.stop(STOP_MILLIS));
        loops.clear();
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
    synchronized List<EventLoop> loops() {
        return List.copyOf(loops.subList(0, active));
    }

    /** Names and ids of users and groups, while there is somebody to ask. */
    synchronized Optional<UserDatabase> users() {
        return Optional.ofNullable(users);
    }

    Audit audit() {
        return audit;
    }

    LibC libc() {
        return libc;
    }

    /** Runs a task on the thread for work that may wait. Once the engine stops, such tasks are dropped. */
    void later(Runnable task, long delayMillis) {
        try {
            Future<?> unused = worker.schedule(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException | LinkageError e) {
                            LOG.error("Work on a listener failed: {}", e.toString());
                            LOG.debug("The failure", e);
                        }
                    },
                    delayMillis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine stops.", e);
        }
    }

    synchronized List<ListenerControl> listeners() {
        return List.copyOf(listeners);
    }

    synchronized void add(ListenerControl listener) {
        listeners.add(listener);
    }

    synchronized void remove(ListenerControl listener) {
        listeners.remove(listener);
    }

    private void configure(Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, PID));
        config.warnings(KEYS).forEach(LOG::warn);
        try {
            int count = config.number("loops", 1, 1, MOST_LOOPS);
            boolean spin =
                    config.oneOf("spin", "adaptive", List.of("adaptive", "off")).equals("adaptive");
            grow(count);
            loops.forEach(loop -> loop.spin(spin));
            if (count != active) {
                active = count;
                listeners.forEach(listener -> later(listener::loopsChanged, 0));
            }
        } catch (ConfigException e) {
            LOG.error("{} The engine stays as it was, with {} event loops.", e.getMessage(), active);
        } catch (IOException e) {
            LOG.error("No further event loop can be started: {}. {} stay.", e.getMessage(), active);
        }
    }

    /** Loops are only ever added: one that takes no new connections any more still serves those it has. */
    private void grow(int count) throws IOException {
        while (loops.size() < count) {
            EventLoop loop = new EventLoop(libc, "peercred-loop-" + (loops.size() + 1));
            loops.add(loop);
            loop.start();
        }
        active = Math.max(active, 1);
    }
}
