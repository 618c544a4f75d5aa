/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.HeldPathException;
import org.peercred.listener.internal.socket.OpenSocket;
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
final class ListenerSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerSupervisor.class);
    /** How long it takes until what could not be done is tried again, and a lost socket file is made anew. */
    static final long RETRY_SECONDS = 5;

    private final EngineComponent engine;
    private final Runnable applied;
    private final Standing standing;
    private final Object servicesLock = new Object();
    /** Guarded by {@link #servicesLock}. */
    private Collaborators collaborators = Collaborators.NONE;
    /** Set once, under both locks. */
    private volatile Listener listener;

    private final BoundSockets sockets = new BoundSockets();
    private final AccountIds ids;
    private Access access;

    private Future<?> looking;
    private final Hold hold;
    private volatile boolean starting;
    private volatile boolean stopping;
    private volatile boolean closed;
    private boolean ended;

    /**
     * Creates a supervisor without a socket.
     *
     * @param engine the loops and the thread for waiting
     * @param applied run when other settings have come into force; must take no lock under which this supervisor is called
     * @param remarks what else there is to say of the listener, whole sentences; empty strings for nothing
     */
    ListenerSupervisor(EngineComponent engine, Runnable applied, Supplier<List<String>> remarks) {
        this(engine, applied, remarks, () -> true);
    }

    /**
     * Creates a supervisor without a socket.
     *
     * @param engine the loops and the thread for waiting
     * @param applied run when other settings have come into force; must take no lock under which this supervisor is called
     * @param remarks what else there is to say of the listener, whole sentences; empty strings for nothing
     * @param said whether the log has all that there is to say
     */
    ListenerSupervisor(EngineComponent engine, Runnable applied, Supplier<List<String>> remarks, BooleanSupplier said) {
        this.engine = engine;
        this.ids = new AccountIds(engine::users);
        this.applied = applied;
        this.standing = new Standing(remarks, said);
        this.hold = new Hold(engine::later, this::holdOrRelease);
    }

    /** Applies settings. What was in force stays so until the new ones can be. */
    synchronized void apply(ListenerSettings settings) {
        if (closed || standing.isAsWanted(settings)) {
            return;
        }
        standing.want(settings);
        if (looking == null) {
            // Before anything can fail: from now on, what is not done is tried again.
            looking = engine.every(this::look, TimeUnit.SECONDS.toMillis(RETRY_SECONDS));
        }
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

    /**
     * Looks whether something is lacking without which clients are turned away: where they can, they wait for it a while. Never waits itself.
     *
     * @param lacking tells it
     */
    void lookWhatIsLacking(BooleanSupplier lacking) {
        hold.look(lacking);
        holdOrRelease();
    }

    /**
     * Says whether the container is still starting. While it is, who would be turned away for want of a part waits for it on any socket, as
     * on one that systemd handed over: of a start nobody shall see more than that it takes time. Never waits itself.
     */
    void starts(boolean isStarting) {
        starting = isStarting;
        holdOrRelease();
    }

    /** Takes in nobody more where who connects can wait for the next process. Never waits. */
    void stopAccepting() {
        stopping = true;
        holdOrRelease();
    }

    /** The same, and has those heard who were let in last. Waits for that, but not for ever. */
    void lastCall() {
        stopAccepting();
        Listener current = listener;
        if (current != null && current.isHeld()) {
            current.lastCall();
        }
    }

    private void holdOrRelease() {
        synchronized (servicesLock) {
            if (listener != null) {
                boolean outlives =
                        sockets.current().filter(OpenSocket::isShared).isPresent();
                listener.hold((outlives && stopping) || ((outlives || starting) && hold.isOn()));
            }
        }
    }

    /** The engine has another number of loops. */
    synchronized void loopsChanged() {
        if (sockets.current().isPresent() && !closed) {
            sockets.acceptAnew();
            attempt();
        }
    }

    /** Whether another listener cannot have that path. May be called by any thread. */
    boolean occupies(String path) {
        return sockets.occupies(path);
    }

    /** The listener, while there is one. */
    Optional<Listener> listener() {
        return Optional.ofNullable(listener);
    }

    /** Tells of a configuration that was rejected; the empty string that the latest was not. */
    void rejected(String name, String why) {
        standing.rejected(name, why);
    }

    /** How the listener stands. Never waits. */
    ListenerReport report() {
        return standing.report(sockets.current(), listener(), closed);
    }

    /** Whether clients are served, or the log says why not. Never waits. */
    boolean isSettled() {
        return standing.isSettled(sockets.current());
    }

    /** Closes the socket and ends all connections. */
    synchronized void close() {
        closed = true;
        end();
    }

    private void end() {
        if (ended) {
            return;
        }
        if (sockets.current().isPresent()) {
            lastCall();
            sockets.release(listener);
            LOG.info(
                    "Listener {} on {} is closed.",
                    listener.name(),
                    sockets.current().get().place());
        }
        ended = true;
        if (looking != null) {
            looking.cancel(false);
        }
    }

    /**
     * Tries again what could not be done. People and cleaners of temporary files delete socket files: then nobody could connect
     * any more, and nobody would know why.
     */
    private synchronized void look() {
        if (closed) {
            end();
        } else if (!standing.problem().isEmpty() || !sockets.isAccepted()) {
            attempt();
        } else if (!sockets.isAt(standing.wanted().path())) {
            LOG.warn(
                    "Listener {}: its socket file {} is gone, or is another's; it is made anew.",
                    listener.name(),
                    standing.wanted().path());
            attempt();
        }
    }

    private void attempt() {
        try {
            Optional<String> refusal = engine.refusal();
            if (refusal.isPresent()) {
                throw new SocketPathException(refusal.get());
            }
            realize(standing.wanted());
            standing.problem("");
        } catch (HeldPathException e) {
            report(e.holder()
                    .sentence(e.place(), engine.audit().userName(e.holder().uid())));
        } catch (SocketPathException e) {
            report(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.debug("The failure", e);
            report(ForeignText.escape("an internal error: " + e));
        }
    }

    private void report(String newProblem) {
        if (!newProblem.equals(standing.problem())) {
            LOG.error(
                    "Listener {} cannot be started: {}; it is tried again every {} s.{}",
                    standing.wanted().name(),
                    newProblem,
                    RETRY_SECONDS,
                    sockets.current()
                            .map(socket -> " Until then " + socket.place() + " stays as it was.")
                            .orElse(""));
        }
        standing.problem(newProblem);
    }

    private void realize(ListenerSettings settings) throws SocketPathException {
        Access newAccess = Places.access(settings, ids);
        if (!sockets.isAt(settings.path())) {
            rebind(settings, newAccess);
        } else if (!newAccess.equals(access)) {
            sockets.current().get().apply(newAccess);
        }
        access = newAccess;
        sockets.accept(listener, engine.workers());
        sockets.current().get().backlog(settings.backlog());
        listener.update(settings);
        applied.run();
    }

    /** Binds the new path before it lets go of the old one, so that a failure changes nothing. */
    private void rebind(ListenerSettings settings, Access newAccess) throws SocketPathException {
        Places.requireFree(engine, settings.path(), Optional.of(this));
        OpenSocket fresh = Places.open(engine, settings, newAccess);
        try {
            if (listener == null) {
                begin(settings);
            } else {
                listener.update(settings);
            }
            sockets.replace(fresh);
        } catch (Throwable e) {
            fresh.close();
            throw e;
        }
        holdOrRelease();
        sockets.accept(listener, engine.workers());
        LOG.info(
                "Listener {} accepts connections on {}{}.",
                settings.name(),
                fresh.place(),
                settings.passedName().isPresent() ? ", which systemd handed over" : "");
    }

    private void begin(ListenerSettings settings) {
        synchronized (servicesLock) {
            Listener begun = new Listener(settings, engine.audit());
            begun.use(collaborators);
            listener = begun;
        }
    }
}
