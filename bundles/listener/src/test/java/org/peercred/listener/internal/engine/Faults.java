/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import jnr.ffi.Runtime;
import org.peercred.access.AccessControl;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;

/**
 * Lets one thing fail, the first, the second, or any other of all that are done: allocations, system calls, and calls of what
 * the engine works with.
 */
final class Faults {

    private static final int EIO = 5;

    /** These are not made to throw: no descriptor would be closed, or nothing be waited for, which no program can mend. */
    private static final Set<String> NOT_THROWING = Set.of("close", "epoll_wait", "accept4", "write");

    private final AtomicInteger countdown = new AtomicInteger(Integer.MAX_VALUE);

    /** Lets the given one of all that follow fail; 0 is the next. */
    void arm(int which) {
        countdown.set(which);
    }

    /** Lets nothing fail any more; true if something has. */
    boolean disarm() {
        return countdown.getAndSet(Integer.MAX_VALUE) < 0;
    }

    private boolean isDue() {
        return countdown.getAndDecrement() == 0;
    }

    private void point() {
        if (isDue()) {
            throw new OutOfMemoryError("injected");
        }
    }

    Memory memory() {
        return count -> {
            point();
            return new byte[count];
        };
    }

    /** System calls that throw before they are made. */
    LibC throwing(LibC kernel) {
        return proxy(LibC.class, kernel, name -> {
            if (!NOT_THROWING.contains(name)) {
                point();
            }
            return false;
        });
    }

    /** System calls that fail as system calls do: with -1 and an errno. */
    LibC refusing(LibC kernel) {
        return proxy(LibC.class, kernel, name -> !name.equals("close") && !name.equals("write") && isDue());
    }

    AccessControl accessControl(AccessControl real) {
        return proxy(AccessControl.class, real, this::throwing);
    }

    PeerCredentialProvider provider(PeerCredentialProvider real) {
        PeerCredentialProvider failing = proxy(PeerCredentialProvider.class, real, this::throwing);
        return proxy(
                PeerCredentialProvider.class,
                failing,
                name -> false,
                peer -> proxy(Peer.class, (Peer) peer, name -> {
                    // The other facts are numbers that a peer has since it was made; the engine's own code may not fail
                    // there.
                    if (name.equals("process")) {
                        point();
                    }
                    return false;
                }));
    }

    Offer offer(LineService real) {
        return new LineOffer(connection -> {
            point();
            LineSession session = real.open(connection);
            return new LineSession() {
                @Override
                public void line(java.nio.ByteBuffer line, org.peercred.service.Replies replies) {
                    point();
                    session.line(line, replies);
                    point();
                }

                @Override
                public void closed() {
                    point();
                    session.closed();
                }
            };
        });
    }

    private boolean throwing(String name) {
        point();
        return false;
    }

    /** Whether a call fails with an errno; may throw instead. */
    private interface Fault {
        boolean at(String name);
    }

    private interface Wrapper {
        Object wrap(Object result);
    }

    private static <T> T proxy(Class<T> type, T real, Fault fault) {
        return proxy(type, real, fault, result -> result);
    }

    private static <T> T proxy(Class<T> type, T real, Fault fault, Wrapper wrapper) {
        Object proxy = Proxy.newProxyInstance(
                Faults.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (fault.at(method.getName())) {
                        Runtime.getSystemRuntime().setLastError(EIO);
                        return method.getReturnType() == long.class ? Long.valueOf(-1) : (Object) Integer.valueOf(-1);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return method.getName().equals("identify") ? wrapper.wrap(result) : result;
                    } catch (InvocationTargetException e) {
                        throw Optional.ofNullable(e.getCause()).orElse(e);
                    }
                });
        return type.cast(proxy);
    }
}
