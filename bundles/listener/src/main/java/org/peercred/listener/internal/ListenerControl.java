/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.EventLoop;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.service.ListenerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one listener's socket as its settings want it. A change is applied whole or not at all; what cannot be done now, such as
 * binding a path that another program holds, is tried again. May be called by any thread.
 *
 * <p>Applying settings may wait for a name service, so what must not wait, to use other services and to decide again, takes
 * another lock.
 */
final class ListenerControl {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerControl.class);
    private static final long RETRY_SECONDS = 5;
    /** The one behind it means that nothing is to be changed, see chown(2). */
    private static final long GREATEST_ID = 0xFFFFFFFEL;

    private final Engine engine;
    private final Runnable applied;
    private final Object servicesLock = new Object();
    /** Guarded by {@link #servicesLock}. */
    private Collaborators collaborators = Collaborators.NONE;
    /** Set once, under both locks. */
    private volatile Listener listener;

    // Written under this object's lock, and read without it by those who only want to look.
    private volatile ListenerSettings wanted;
    private volatile ListeningSocket socket;
    private volatile String problem = "";
    private volatile Rejection rejection = new Rejection("", "");

    private Access access;
    private boolean retrying;
    private boolean closed;

    private record Rejection(String name, String why) {}

    /**
     * Creates a control without a socket.
     *
     * @param engine the loops and the thread for waiting
     * @param applied run when other settings have come into force; must take no lock under which this control is called
     */
    ListenerControl(Engine engine, Runnable applied) {
        this.engine = engine;
        this.applied = applied;
    }

    /** Applies settings. What was in force stays so until the new ones can be. */
    synchronized void apply(ListenerSettings settings) {
        if (closed || (settings.equals(wanted) && problem.isEmpty())) {
            return;
        }
        wanted = settings;
        problem = "";
        attempt();
    }

    /** Uses other services from now on. */
    void use(Collaborators newCollaborators) {
        synchronized (servicesLock) {
            collaborators = newCollaborators;
            if (listener != null) {
                listener.use(newCollaborators);
            }
        }
    }

    /** Has open connections decided again. Never waits. */
    void recheck() {
        Listener current = listener;
        if (current != null) {
            current.recheck();
        }
    }

    /** The engine has another number of loops. */
    synchronized void loopsChanged() {
        if (listener != null && socket != null && !closed) {
            listener.accept(socket.descriptor(), engine.loops(), () -> {});
        }
    }

    /** The listener, while there is one. */
    Optional<Listener> listener() {
        return Optional.ofNullable(listener);
    }

    /** Tells of a configuration that was rejected; the empty string that the latest was not. */
    void rejected(String name, String why) {
        rejection = new Rejection(name, why);
    }

    /** How the listener stands. Never waits. */
    ListenerReport report() {
        Rejection rejected = rejection;
        ListenerSettings settings = wanted;
        ListeningSocket bound = socket;
        Listener current = listener;
        String why = rejected.why().isEmpty() ? problem : rejected.why();
        Optional<String> trouble = Optional.of(why).filter(text -> !text.isEmpty());
        String path = bound != null ? bound.path().toString() : settings == null ? "" : settings.path();
        return current == null
                ? new ListenerReport(
                        settings == null ? rejected.name() : settings.name(),
                        path,
                        trouble,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        settings == null ? Set.of() : settings.requiredPolicies())
                : current.report(path, trouble);
    }

    /** Closes the socket and ends all connections. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (socket != null) {
            ListeningSocket last = socket;
            last.unlink();
            // Should a loop hang, it closes the descriptor when it wakes up: closed earlier, its number could be
            // another's.
            listener.stop(last::close);
            LOG.info("Listener {} on {} is closed.", listener.name(), socket.path());
        }
    }

    private synchronized void retry() {
        retrying = false;
        if (!closed && !problem.isEmpty()) {
            attempt();
        }
    }

    private void attempt() {
        try {
            Optional<String> refusal = engine.refusal();
            if (refusal.isPresent()) {
                throw new SocketPathException(refusal.get());
            }
            realize(wanted);
            problem = "";
        } catch (SocketPathException e) {
            report(e.getMessage());
            if (!retrying) {
                retrying = true;
                engine.later(this::retry, TimeUnit.SECONDS.toMillis(RETRY_SECONDS));
            }
        }
    }

    private void report(String newProblem) {
        if (!newProblem.equals(problem)) {
            LOG.error(
                    "Listener {} cannot be started: {}; it is tried again every {} s.{}",
                    wanted.name(),
                    newProblem,
                    RETRY_SECONDS,
                    socket == null ? "" : " Until then " + socket.path() + " stays as it was.");
        }
        problem = newProblem;
    }

    private void realize(ListenerSettings settings) throws SocketPathException {
        Access newAccess = new Access(settings.mode(), id(settings.owner(), true), id(settings.group(), false));
        Path path = Path.of(settings.path());
        boolean inPlace = socket != null && socket.path().equals(path) && socket.isInPlace();
        if (inPlace && !newAccess.equals(access)) {
            socket.apply(newAccess);
        } else if (!inPlace) {
            rebind(settings, path, newAccess);
        }
        access = newAccess;
        socket.backlog(settings.backlog());
        listener.update(settings);
        applied.run();
    }

    /** Binds the new path before it lets go of the old one, so that a failure changes nothing. */
    private void rebind(ListenerSettings settings, Path path, Access newAccess) throws SocketPathException {
        ListeningSocket fresh =
                ListeningSocket.bind(engine.libc(), path, newAccess, settings.backlog(), settings.removeStale());
        List<EventLoop> loops = engine.loops();
        if (listener == null) {
            synchronized (servicesLock) {
                listener = new Listener(settings, engine.audit());
                listener.use(collaborators);
            }
        } else {
            listener.update(settings);
        }
        ListeningSocket old = socket;
        socket = fresh;
        listener.accept(fresh.descriptor(), loops, () -> {
            if (old != null) {
                old.close();
            }
        });
        LOG.info("Listener {} accepts connections on {}.", settings.name(), path);
    }

    private OptionalLong id(Optional<String> name, boolean user) throws SocketPathException {
        if (name.isEmpty()) {
            return OptionalLong.empty();
        }
        String key = user ? "owner" : "group";
        if (name.get().matches("\\d{1,10}")) {
            long id = Long.parseLong(name.get());
            if (id > GREATEST_ID) {
                throw new SocketPathException(key + " = " + id + ": ids end at " + GREATEST_ID);
            }
            return OptionalLong.of(id);
        }
        UserDatabase users = engine.users()
                .orElseThrow(() -> new SocketPathException(
                        key + " = " + name.get() + " cannot be resolved while the user database is missing"));
        try {
            OptionalLong id = user ? users.uid(name.get()) : users.gid(name.get());
            if (id.isEmpty()) {
                throw new SocketPathException(
                        key + " = " + name.get() + ": there is no such " + (user ? "user" : "group"));
            }
            return id;
        } catch (NameServiceException e) {
            throw new SocketPathException(key + " = " + name.get() + " cannot be resolved now: " + e.getMessage());
        }
    }
}
