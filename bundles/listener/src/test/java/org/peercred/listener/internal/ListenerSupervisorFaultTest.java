/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

/** There is no memory for telling one of several loops what it has to do. */
@Timeout(120)
class ListenerSupervisorFaultTest {

    /** How many more loops are told of something before one cannot be. */
    private final AtomicInteger told = new AtomicInteger(Integer.MAX_VALUE);
    /** Loops that sleep: only those have to be woken, and only that can fail here. */
    private final AtomicInteger asleep = new AtomicInteger();

    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit, this::failing);
    private final ListenerSupervisor control = new ListenerSupervisor(engine, () -> {}, List::of);
    private Path directory;
    private int descriptors;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
        engine.activate(Map.of("loops", "3", "spin", "off"));
        control.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(new FakeAccess()),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        settle();
        descriptors = ThisProcess.descriptors();
        apply("a");
        assertEchoes("a");
    }

    @AfterEach
    void stop() throws IOException {
        told.set(Integer.MAX_VALUE);
        control.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(directory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 7})
    void a_listener_that_moved_only_in_part_is_moved_whole_soon_after(int which) throws Exception {
        String name = move("b", which);
        // A loop that is awake need not be woken, so that there may have been fewer calls than were to be made before
        // one fails.
        for (int i = 0; told.get() >= 0 && i < 100; i++) {
            name = move("b" + i, which);
        }
        assertTrue(told.get() < 0, "nothing failed");
        // Where it is only to look again, the loops do so without being told.
        assertTrue(control.report()
                .problem()
                .filter(problem -> !problem.equals("an internal error: java.lang.OutOfMemoryError: injected"))
                .isEmpty());
        Awaitility.await().until(() -> control.report().problem().isEmpty());
        assertEchoes(name);
        Awaitility.await().until(() -> !exists("a"));
        control.close();
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void a_listener_that_stopped_only_in_part_is_stopped_whole_soon_after() throws Exception {
        try (Client client = Client.connect(directory.resolve("a"))) {
            assertEquals("> x", client.ask("x"));
            settle();
            told.set(1);
            assertThrows(OutOfMemoryError.class, control::close);
            assertEquals("", client.restText());
        }
        assertFalse(exists("a"));
        ThisProcess.awaitDescriptors(descriptors);
    }

    private String move(String name, int which) throws Exception {
        settle();
        told.set(which);
        apply(name);
        return name;
    }

    private LibC failing() {
        LibC kernel = LibC.load();
        return (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (self, method, arguments) -> {
                    if (method.getName().equals("write") && told.getAndDecrement() == 0) {
                        throw new OutOfMemoryError("injected");
                    }
                    boolean sleeps = method.getName().equals("epoll_wait") && !arguments[3].equals(0);
                    asleep.addAndGet(sleeps ? 1 : 0);
                    try {
                        return method.invoke(kernel, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        asleep.addAndGet(sleeps ? -1 : 0);
                    }
                });
    }

    private void settle() {
        Awaitility.await().until(() -> asleep.get() == 3);
    }

    private void apply(String name) throws Exception {
        control.apply(Server.settings(
                Map.of("name", "moving", "path", directory.resolve(name).toString())));
    }

    private void assertEchoes(String name) throws Exception {
        try (Client client = Client.connect(directory.resolve(name))) {
            assertEquals("> x", client.ask("x"));
        }
    }

    private boolean exists(String name) {
        return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }
}
