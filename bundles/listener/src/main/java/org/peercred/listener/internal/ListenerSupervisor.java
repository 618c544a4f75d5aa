/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.common.text.ForeignText;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.HeldPathException;
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
final class ListenerSupervisor {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerSupervisor.class);
    private static final long RETRY_SECONDS = 5;

    private final EngineComponent engine;
    private final Runnable applied;
    private final Supplier<List<String>> remarks;
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
    /** What the listener accepts from; another than the socket, or {@code null}, while that is still to be done. */
    private ListeningSocket accepting;
    /** Sockets whose place others have taken, until they are closed. */
    private final List<ListeningSocket> replaced = new ArrayList<>();

    private Future<?> looking;
    private volatile boolean closed;
    private boolean ended;

    private record Rejection(String name, String why) {}

    /**
     * Creates a supervisor without a socket.
     *
     * @param engine the loops and the thread for waiting
     * @param applied run when other settings have come into force; must take no lock under which this supervisor is called
     * @param remarks what else there is to say of the listener, whole sentences; empty strings for nothing
     */
    ListenerSupervisor(EngineComponent engine, Runnable applied, Supplier<List<String>> remarks) {
        this.engine = engine;
        this.applied = applied;
        this.remarks = remarks;
    }

    /** Applies settings. What was in force stays so until the new ones can be. */
    synchronized void apply(ListenerSettings settings) {
        if (closed || (settings.equals(wanted) && problem.isEmpty())) {
            return;
        }
        wanted = settings;
        problem = "";
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

    /** The engine has another number of loops. */
    synchronized void loopsChanged() {
        if (socket != null && !closed) {
            accepting = null;
            attempt();
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
        Optional<String> trouble = trouble(rejected.why(), bound);
        String path = bound != null ? bound.path().toString() : settings == null ? "" : settings.path();
        return current == null
                ? new ListenerReport(
                        settings == null ? rejected.name() : settings.name(),
                        path,
                        false,
                        trouble,
                        settings == null ? Set.of() : settings.requiredPolicies(),
                        ListenerReport.Counters.NONE)
                : current.report(path, bound != null && !closed && bound.isInPlace(), trouble);
    }

    private Optional<String> trouble(String rejected, ListeningSocket bound) {
        String now = problem;
        boolean lost = now.isEmpty() && bound != null && !closed && !bound.isInPlace();
        String file =
                lost ? bound.path() + " is gone or another's; it is made anew within " + RETRY_SECONDS + " s" : now;
        String all = Stream.concat(Stream.of(rejected, file), remarks.get().stream())
                .filter(text -> !text.isEmpty())
                .reduce((first, second) -> first + (first.endsWith(".") || first.endsWith("?") ? " " : ". ") + second)
                .orElse("");
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
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
        if (socket != null) {
            socket.unlink();
            List<ListeningSocket> last =
                    Stream.concat(replaced.stream(), Stream.of(socket)).toList();
            // Should a loop hang, it closes the descriptor when it wakes up: closed earlier, its number could be
            // another's.
            listener.stop(() -> last.forEach(ListeningSocket::close));
            LOG.info("Listener {} on {} is closed.", listener.name(), socket.path());
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
        } else if (!problem.isEmpty() || accepting != socket) {
            attempt();
        } else if (!socket.isInPlace()) {
            LOG.warn(
                    "Listener {}: its socket file {} is gone, or is another's; it is made anew.",
                    listener.name(),
                    socket.path());
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
        } catch (HeldPathException e) {
            report(e.holder()
                    .sentence(e.path(), engine.audit().userName(e.holder().uid())));
        } catch (SocketPathException e) {
            report(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.debug("The failure", e);
            report(ForeignText.escape("an internal error: " + e));
        }
    }

    private boolean holds(Path path) {
        ListeningSocket bound = socket;
        return bound != null && bound.path().equals(path) && bound.isInPlace();
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
        Access newAccess = new Access(settings.mode(), id(settings.owner()), id(settings.group()));
        Path path = Path.of(settings.path());
        boolean inPlace = socket != null && socket.path().equals(path) && socket.isInPlace();
        if (inPlace && !newAccess.equals(access)) {
            socket.apply(newAccess);
        } else if (!inPlace) {
            rebind(settings, path, newAccess);
        }
        access = newAccess;
        settle();
        socket.backlog(settings.backlog());
        listener.update(settings);
        applied.run();
    }

    /** Has the listener accept from the socket there is. Done again, should it fail half-way. */
    private void settle() {
        if (accepting == socket) {
            return;
        }
        List<ListeningSocket> before = List.copyOf(replaced);
        listener.accept(socket.descriptor(), engine.workers(), () -> before.forEach(ListeningSocket::close));
        replaced.clear();
        accepting = socket;
    }

    /** Binds the new path before it lets go of the old one, so that a failure changes nothing. */
    private void rebind(ListenerSettings settings, Path path, Access newAccess) throws SocketPathException {
        for (ListenerSupervisor other : engine.listeners()) {
            if (other != this && other.holds(path)) {
                throw new SocketPathException("this Karaf itself is listening on " + path + ", by its listener "
                        + other.report().name());
            }
        }
        ListeningSocket fresh =
                ListeningSocket.bind(engine.libc(), path, newAccess, settings.backlog(), settings.removeStale());
        try {
            if (listener == null) {
                begin(settings);
            } else {
                listener.update(settings);
            }
            if (socket != null) {
                replaced.add(socket);
            }
        } catch (Throwable e) {
            fresh.close();
            throw e;
        }
        socket = fresh;
        settle();
        LOG.info("Listener {} accepts connections on {}.", settings.name(), path);
    }

    private void begin(ListenerSettings settings) {
        synchronized (servicesLock) {
            Listener begun = new Listener(settings, engine.audit());
            begun.use(collaborators);
            listener = begun;
        }
    }

    private OptionalLong id(Optional<Account> account) throws SocketPathException {
        if (account.isEmpty() || account.get().number().isPresent()) {
            return account.map(Account::number).orElse(OptionalLong.empty());
        }
        String kind = account.get().kind().label();
        String written = (account.get().kind() == AccountKind.USER ? "owner" : "group") + " = "
                + account.get().text();
        UserDatabase users = engine.users()
                .orElseThrow(() ->
                        new SocketPathException(written + " cannot be resolved while the user database is missing"));
        try {
            OptionalLong id = account.get().id(users);
            if (id.isEmpty()) {
                throw new SocketPathException(written + ": there is no such " + kind);
            }
            return id;
        } catch (NameServiceException e) {
            throw new SocketPathException(written + " cannot be resolved now: " + e.getMessage());
        }
    }
}
