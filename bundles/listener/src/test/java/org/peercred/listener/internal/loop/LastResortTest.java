/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class LastResortTest {

    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger failures = new AtomicInteger();

    private Server server(String call) throws Exception {
        LibC libc = (LibC) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LibC.class}, (self, method, arguments) -> {
                    if (failing.get() && method.getName().equals(call)) {
                        failures.incrementAndGet();
                        throw new OutOfMemoryError("injected");
                    }
                    return method.invoke(Server.LIBC, arguments);
                });
        return new Server(
                new Resources(libc, Memory.HEAP, new Budget(), (what, cause) -> ended.add(what + ": " + cause)));
    }

    @Test
    void a_loop_that_cannot_wait_for_events_does_not_end_unnoticed() throws Exception {
        try (Server server = server("epoll_wait");
                Client client = server.connect()) {
            assertEquals("> x", client.ask("x"));
            failing.set(true);
            client.send("y\n");
            Awaitility.await().until(() -> !ended.isEmpty());
            assertTrue(ended.peek().startsWith("Event loop test-loop: java.lang.OutOfMemoryError"), ended.peek());
            Awaitility.await().until(() -> ThisProcess.threads("test-loop").isEmpty());
        }
    }

    @Test
    void a_listener_whose_accepting_fails_accepts_again() throws Exception {
        for (String call : List.of("accept4", "epoll_ctl")) {
            try (Server server = server(call)) {
                failing.set(true);
                try (Client first = server.connect()) {
                    Awaitility.await().until(() -> failures.get() > 0);
                    failing.set(false);
                    try (Client late = server.connect()) {
                        assertEquals("> y", late.ask("y"), call);
                    }
                    assertTrue(first.hasNews() || first.ask("x").equals("> x"), call);
                }
            }
            failures.set(0);
        }
        assertTrue(ended.isEmpty(), ended.toString());
    }

    @Test
    void what_can_neither_be_served_nor_closed_does_not_go_on_unnoticed() throws Exception {
        try (Server server = server("none")) {
            server.loop.execute(() -> server.loop.turn(new Broken(server.loop), 0));
            Awaitility.await().until(() -> !ended.isEmpty());
            assertTrue(ended.peek().endsWith("nor closed"), ended.peek());
        }
    }

    private static final class Broken extends Source {

        Broken(EventLoop loop) {
            super(loop, 0);
        }

        @Override
        protected void ready(int events) {
            throw new IllegalStateException("neither served");
        }

        @Override
        protected void abandon() {
            throw new IllegalStateException("nor closed");
        }
    }

    @Test
    void the_process_is_told_to_end_with_a_status_of_its_own() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Halting.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(LastResort.STATUS, process.exitValue(), said);
            assertTrue(said.contains("peercred: Event loop x is in a state that nobody knows"), said);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A process whose other threads would keep it alive. */
    static final class Halting {

        private Halting() {}

        public static void main(String[] arguments) {
            LastResort.HALT.end("Event loop x", new OutOfMemoryError("injected"));
        }
    }
}
