/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.felix.service.command.CommandSession;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.SignalListener;
import org.apache.sshd.server.StandardEnvironment;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.console.internal.ConsoleSettings;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.OpenShells;
import org.peercred.console.internal.session.Starts;
import org.peercred.console.internal.session.Stop;
import org.peercred.testing.FakePeer;
import org.peercred.testing.FakeStreamConnection;

/** A terminal that fails leaves nothing behind, and one whose client does not read holds up nobody. */
@Timeout(120)
class InteractiveTest {

    private final FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));
    private final AtomicBoolean closed = new AtomicBoolean();
    private final OpenShells open = new OpenShells();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Environment environment = new StandardEnvironment();
    private OutputStream out = written;

    @Test
    void without_a_shell_no_thread_is_left() throws Exception {
        IllegalStateException gone = new IllegalStateException("the shell is gone");
        leavesNothing(gone, (self, method, args) -> {
            startOutput((PrintStream) args[1]);
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

    @Test
    void a_terminal_that_is_not_whole_leaves_no_thread() throws Exception {
        IllegalStateException gone = new IllegalStateException("the channel is gone");
        environment = new StandardEnvironment() {
            @Override
            public void addSignalListener(SignalListener listener, Signal... signals) {
                throw gone;
            }
        };
        leavesNothing(gone, (self, method, args) -> {
            throw new AssertionError("there is no terminal for a shell");
        });
    }

    @Test
    void whatever_fails_at_the_end_nothing_is_left() throws Exception {
        IllegalStateException failure = new IllegalStateException("the history cannot be saved");
        leavesNothing(
                failure,
                (self, method, args) -> shell(commands(), called -> {
                    if (called.equals("close")) {
                        throw failure;
                    }
                    startOutput((PrintStream) args[1]);
                }));
    }

    /** Four of them would keep everybody else's terminals from starting. */
    @Test
    void a_start_does_not_wait_for_a_client_that_does_not_read() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        out = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                written.write(value);
            }

            @Override
            public void flush() throws IOException {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }
        };
        InvocationHandler factory = (self, method, args) -> shell(commands(), called -> {
            if (called.equals("run")) {
                ((PrintStream) args[1]).println("Welcome");
                ((Terminal) args[3]).enterRawMode();
                ((PrintStream) args[1]).println("karaf@root()> ");
            }
        });
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try (PipedOutputStream typed = new PipedOutputStream();
                    Interactive terminal = interactive(factory, new PipedInputStream(typed), started::countDown)) {
                terminal.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertTrue(started.await(60, TimeUnit.SECONDS));
        assertFalse(run.isDone());
        reads.countDown();
        run.get(60, TimeUnit.SECONDS);
        assertEquals(
                "You are alice (uid 1001) here, with no role.\nWelcome\nkaraf@root()> \n",
                written.toString(UTF_8).replace("\r", ""));
    }

    /** More than is kept for the first prompt, and something behind it: then the output has a thread. */
    private static void startOutput(PrintStream shown) {
        shown.println("x".repeat(10_000));
        shown.println("y");
    }

    private void leavesNothing(Throwable expected, InvocationHandler factory) throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        try (PipedOutputStream typed = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(typed)) {
            Throwable thrown = assertThrows(Throwable.class, () -> {
                try (Interactive terminal = interactive(factory, in, () -> {})) {
                    terminal.run();
                }
            });
            assertSame(expected, thrown);
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread ->
                            !before.contains(thread) && thread.getName().contains("console")));
        }
    }

    private Interactive interactive(InvocationHandler factory, InputStream in, Starts.Start start) throws IOException {
        Desk desk = new Desk(
                proxy(SessionFactory.class, factory),
                () -> ConsoleSettings.USUAL,
                Optional::empty,
                null,
                open,
                null,
                null,
                new Stop(() -> false, 1));
        environment.getEnv().put(Environment.ENV_TERM, "xterm");
        return new Interactive(desk, connection, new ConsoleSubject(connection, "alice"), environment, in, out, start);
    }

    /** A shell that tells of what is asked of it. */
    private static Session shell(CommandSession commands, Consumer<String> called) {
        LineReader reader = proxy(LineReader.class, (self, method, args) -> null);
        return proxy(Session.class, (self, method, args) -> switch (method.getName()) {
            case "get" -> args[0].equals(".commandSession") ? commands : reader;
            case "run", "close" -> {
                called.accept(method.getName());
                yield null;
            }
            default -> null;
        });
    }

    private static CommandSession commands() {
        return proxy(CommandSession.class, (self, method, args) -> switch (method.getName()) {
            case "hashCode" -> 1;
            case "equals" -> self == args[0];
            default -> null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
