/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.StandardEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.console.internal.ConsoleSettings;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.testing.FakePeer;
import org.peercred.testing.FakeStreamConnection;

/** A terminal whose shell cannot be had leaves nothing behind. */
@Timeout(120)
class InteractiveTest {

    private final FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));
    private final AtomicBoolean closed = new AtomicBoolean();

    @Test
    void without_a_shell_no_thread_is_left() throws Exception {
        IllegalStateException gone = new IllegalStateException("the shell is gone");
        leavesNothing(gone, (self, method, args) -> {
            // Has the output's thread started.
            PrintStream shown = (PrintStream) args[1];
            shown.print("x");
            shown.flush();
            throw gone;
        });
    }

    @Test
    void a_shell_that_is_not_whole_is_closed() throws Exception {
        OutOfMemoryError full = new OutOfMemoryError("no room");
        leavesNothing(
                full,
                (self, method, args) -> proxy(Session.class, (session, called, with) -> {
                    switch (called.getName()) {
                        case "get" -> throw full;
                        case "close" -> closed.set(true);
                        default -> throw new UnsupportedOperationException(called.getName());
                    }
                    return null;
                }));
        assertTrue(closed.get());
    }

    private void leavesNothing(Throwable expected, InvocationHandler factory) throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        Desk desk = new Desk(
                proxy(SessionFactory.class, factory),
                () -> ConsoleSettings.USUAL,
                Optional::empty,
                null,
                null,
                null,
                null);
        Environment environment = new StandardEnvironment();
        environment.getEnv().put(Environment.ENV_TERM, "xterm");
        OutputStream out = new ByteArrayOutputStream();
        try (PipedOutputStream typed = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(typed)) {
            Throwable thrown = assertThrows(
                    Throwable.class,
                    () -> new Interactive(
                            desk, connection, new ConsoleSubject(connection, "alice"), environment, in, out, () -> {}));
            assertSame(expected, thrown);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread ->
                            !before.contains(thread) && thread.getName().contains("console")));
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
