/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.peercred.listener.internal.socket.AbstractSocket;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.listener.internal.socket.OpenSocket;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.socket.UnixAddress;

/** Where listeners can have their sockets. */
final class Places {

    private Places() {}

    /** Refuses a path that a listener of this engine has, but for one. */
    static void requireFree(EngineComponent engine, String path, Optional<ListenerSupervisor> but)
            throws SocketPathException {
        for (ListenerSupervisor other : engine.listeners()) {
            if (but.filter(own -> own == other).isEmpty() && other.occupies(path)) {
                throw new SocketPathException("this Karaf itself is listening on " + path + ", by its listener "
                        + other.report().name());
            }
        }
    }

    /** Who may reach the file; may wait for a name service. */
    static Access access(ListenerSettings settings, AccountIds ids) throws SocketPathException {
        return new Access(settings.mode(), ids.of(settings.owner()), ids.of(settings.group()));
    }

    /** Binds a socket where settings want it, or takes the one that was handed over. */
    static OpenSocket open(EngineComponent engine, ListenerSettings settings, Access access)
            throws SocketPathException {
        Optional<String> passed = settings.passedName();
        if (passed.isPresent()) {
            return engine.passed().take(passed.get());
        }
        return isAbstract(settings)
                ? AbstractSocket.bind(engine.libc(), settings.path(), settings.backlog())
                : ListeningSocket.bind(
                        engine.libc(), Path.of(settings.path()), access, settings.backlog(), settings.removeStale());
    }

    /**
     * Looks whether {@link #open} would do, and changes nothing. Whether an abstract name is free is known only for this engine's listeners.
     *
     * @param but the listener whose settings they are, if there is one
     */
    static void probe(EngineComponent engine, ListenerSettings settings, Optional<ListenerSupervisor> but)
            throws SocketPathException {
        Optional<String> refusal = engine.refusal();
        if (refusal.isPresent()) {
            throw new SocketPathException(refusal.get());
        }
        requireFree(engine, settings.path(), but);
        Optional<String> passed = settings.passedName();
        if (passed.isPresent()) {
            engine.passed().check(passed.get());
        } else if (!isAbstract(settings)) {
            ListeningSocket.probe(engine.libc(), Path.of(settings.path()), settings.removeStale());
        }
    }

    private static boolean isAbstract(ListenerSettings settings) {
        return settings.path().startsWith(UnixAddress.ABSTRACT);
    }
}
