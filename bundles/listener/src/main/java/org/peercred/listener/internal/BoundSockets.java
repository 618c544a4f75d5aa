/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.socket.OpenSocket;

/**
 * The socket that a listener has, and those whose place it took until nobody touches them any more. Changed with a lock of the caller's
 * held; what may be called by any thread says so.
 */
final class BoundSockets {

    private volatile OpenSocket current;
    /** What the listener accepts from; another than the current one, or {@code null}, while that is still to be done. */
    private OpenSocket accepting;

    private final List<OpenSocket> replaced = new ArrayList<>();

    /** The one there is. May be called by any thread. */
    Optional<OpenSocket> current() {
        return Optional.ofNullable(current);
    }

    /** Whether there is the one that a path asks for, and clients can reach it. May be called by any thread. */
    boolean isAt(String path) {
        OpenSocket bound = current;
        return bound != null && bound.isFor(path) && bound.isInPlace();
    }

    /** Whether another one cannot have that path: it is this one's, asked for in this way or in another. May be called by any thread. */
    boolean occupies(String path) {
        OpenSocket bound = current;
        return bound != null && (bound.isFor(path) || bound.place().equals(path)) && bound.isInPlace();
    }

    /** Takes another in the place of the one there is, if any. If it throws, nothing has changed. */
    void replace(OpenSocket fresh) {
        if (current != null) {
            replaced.add(current);
        }
        current = fresh;
    }

    /** Whether the listener accepts from the one there is. */
    boolean isAccepted() {
        return current != null && accepting == current;
    }

    /** It is to be accepted from anew. */
    void acceptAnew() {
        accepting = null;
    }

    /** Has a listener accept from the one there is, unless it does. Done again, should it fail half-way. */
    void accept(Listener listener, List<Worker> workers) {
        if (isAccepted()) {
            return;
        }
        List<OpenSocket> before = List.copyOf(replaced);
        listener.accept(current.descriptor(), workers, () -> before.forEach(OpenSocket::close));
        replaced.clear();
        accepting = current;
    }

    /** Removes the file and stops the listener. Should a loop hang, it closes the descriptors when it wakes up: closed earlier, their numbers could be another's. */
    void release(Listener listener) {
        current.unlink();
        List<OpenSocket> last =
                Stream.concat(replaced.stream(), Stream.of(current)).toList();
        listener.stop(() -> last.forEach(OpenSocket::close));
    }
}
