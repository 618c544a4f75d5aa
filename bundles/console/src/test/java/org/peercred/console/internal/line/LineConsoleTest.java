/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.console.internal.ConsoleSettings;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.LineAudit;
import org.peercred.console.internal.session.Masking;
import org.peercred.console.internal.session.Stop;
import org.peercred.service.ThreadLimit;
import org.peercred.testing.FakePeer;
import org.peercred.testing.FakeStreamConnection;

@Timeout(120)
class LineConsoleTest {

    private final FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicInteger permits = new AtomicInteger(2);

    @Test
    void what_stops_the_console_is_not_interrupted_by_the_end_of_its_connection() throws Exception {
        CompletableFuture<Void> served = serve();
        stopping.set(true);
        disconnect(served);
        goOn.countDown();
        await().until(() -> permits.get() == 2);
        assertEquals(List.of("ok"), results(), "and not the line that waited behind it");
    }

    @Test
    void a_command_is_interrupted_by_the_end_of_its_connection() throws Exception {
        CompletableFuture<Void> served = serve();
        disconnect(served);
        await().until(() -> permits.get() == 2);
        assertEquals(List.of("error"), results());
    }

    @Test
    void a_client_reads_what_became_of_its_lines() throws Exception {
        CompletableFuture<Void> served = serve();
        goOn.countDown();
        assertEquals("ok", connection.line());
        connection.halfClose();
        served.get(60, TimeUnit.SECONDS);
        assertEquals("ok\nok\n", connection.received());
        assertEquals(2, permits.get());
    }

    private CompletableFuture<Void> serve() throws InterruptedException {
        Desk desk = new Desk(
                proxy(SessionFactory.class, (self, method, arguments) -> session()),
                () -> ConsoleSettings.USUAL,
                this::permit,
                new LineAudit(new Masking(List.of())),
                null,
                null,
                null,
                new Stop(stopping::get, TimeUnit.HOURS.toMillis(1)));
        connection.send("wait\nwait\n");
        CompletableFuture<Void> served = connection.serve(accepted ->
                new LineConsole(desk, accepted, new ConsoleSubject(accepted, "alice")).serve(accepted.input()));
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        assertEquals(0, permits.get());
        return served;
    }

    private void disconnect(CompletableFuture<Void> served) {
        connection.disconnect();
        ExecutionException ended = assertThrows(ExecutionException.class, () -> served.get(60, TimeUnit.SECONDS));
        assertTrue(ended.getCause() instanceof IOException, ended.toString());
    }

    private List<String> results() {
        return connection.recorded().stream()
                .map(recorded -> recorded.details().get(AuditEvent.RESULT))
                .toList();
    }

    private Optional<ThreadLimit.Permit> permit() {
        permits.decrementAndGet();
        return Optional.of(permits::incrementAndGet);
    }

    /** One whose commands wait until they may go on. */
    private Session session() {
        Registry registry = proxy(Registry.class, (self, method, arguments) -> List.of());
        return proxy(Session.class, (self, method, arguments) -> switch (method.getName()) {
            case "getRegistry" -> registry;
            case "getConsole" -> System.out;
            case "execute" -> {
                begun.countDown();
                goOn.await();
                yield null;
            }
            default -> null;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
