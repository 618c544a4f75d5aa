/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.socket.ListeningSocket;

/**
 * The socket that a listener has, and those whose place it took until nobody touches them any more. Changed with a lock of the caller's
 * held; what may be called by any thread says so.
 */
final class BoundSockets {

    private volatile ListeningSocket current;
    /** What the listener accepts from; another than the current one, or {@code null}, while that is still to be done. */
    private ListeningSocket accepting;

    private final List<ListeningSocket> replaced = new ArrayList<>();

    /** The one there is. May be called by any thread. */
    Optional<ListeningSocket> current() {
        return Optional.ofNullable(current);
    }

    /** Whether there is one, and its file is where it was made. May be called by any thread. */
    boolean isAt(Path path) {
        ListeningSocket bound = current;
        return bound != null && bound.path().equals(path) && bound.isInPlace();
    }

    /** Takes another in the place of the one there is, if any. If it throws, nothing has changed. */
    void replace(ListeningSocket fresh) {
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
        List<ListeningSocket> before = List.copyOf(replaced);
        listener.accept(current.descriptor(), workers, () -> before.forEach(ListeningSocket::close));
        replaced.clear();
        accepting = current;
    }

    /** Removes the file and stops the listener. Should a loop hang, it closes the descriptors when it wakes up: closed earlier, their numbers could be another's. */
    void release(Listener listener) {
        current.unlink();
        List<ListeningSocket> last =
                Stream.concat(replaced.stream(), Stream.of(current)).toList();
        listener.stop(() -> last.forEach(ListeningSocket::close));
    }
}
