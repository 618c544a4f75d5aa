/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Handed;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.LineService;

/** The component of a listener on a socket that systemd handed over: who comes too early or too late waits. */
@Timeout(120)
class ListenerComponentSystemdTest {

    private static final String FILE = "etc/org.peercred.listener-test.cfg";

    private final FakeAccess access = new FakeAccess();
    private final PeerCredentialProvider provider = RealCredentials.provider();
    private final Audit audit = new Audit();
    private final Handed handed = new Handed();
    private final FakeFramework framework = new FakeFramework();
    private final ServiceReference<LineService> echo = framework.reference("echo", 1);
    private LogFile log;
    private Path directory;
    private Path socket;
    private EngineComponent engine;
    private ListenerComponent component;
    /** On the same loop, and complete: when it has answered, the loop has looked at all who had come before. */
    private ListenerComponent other;

    @BeforeEach
    void start() throws Exception {
        log = new LogFile();
        directory = Temporary.directory();
        socket = directory.resolve("socket");
        handed.listening("front", socket);
        engine = new EngineComponent(
                audit, () -> Server.LIBC, libc -> PassedSockets.of(libc, handed.environment()::get, Handed.FIRST));
        engine.activate(Map.of());
        component = new ListenerComponent(engine);
        other = new ListenerComponent(engine);
        other.activate(
                framework.context(), keys("other", directory.resolve("other").toString()));
        complete(other);
    }

    @AfterEach
    void stop() throws Exception {
        component.deactivate();
        other.deactivate();
        engine.deactivate();
        audit.close();
        handed.close();
        Temporary.delete(directory);
    }

    @Test
    void who_comes_before_the_last_part_waits_for_it() throws Exception {
        activate();
        try (Client client = Client.connect(socket)) {
            client.send("x\n");
            component.bindLines(echo, Server.ECHO);
            assertLoopHasLooked();
            component.bindProvider(provider);
            assertLoopHasLooked();
            component.bindAccess(access);
            assertEquals("> x", client.line());
        }
    }

    @Test
    void who_comes_before_a_required_policy_waits_for_it() throws Exception {
        access.denyAll();
        activate("required.policies", "owner");
        complete(component);
        try (Client client = Client.connect(socket)) {
            client.send("x\n");
            assertLoopHasLooked();
            access.allowAll();
            access.policies = List.of("owner");
            component.policiesChanged(1);
            assertEquals("> x", client.line());
        }
    }

    @Test
    void who_comes_while_a_part_is_replaced_waits_for_the_new_one() throws Exception {
        activate();
        complete(component);
        assertEchoes();
        component.unbindLines(echo);
        try (Client client = Client.connect(socket)) {
            client.send("x\n");
            assertLoopHasLooked();
            component.bindLines(framework.reference("echo", 2), Server.ECHO_BY_LINE);
            assertEquals("> x", client.line());
        }
    }

    @Test
    void who_is_in_when_it_stops_is_heard_and_who_comes_then_is_left_to_the_next_one() throws Exception {
        activate();
        complete(component);
        ListenerSupervisor supervisor = engine.listeners().get(1);
        try (Client in = Client.connect(socket)) {
            Awaitility.await().until(() -> supervisor.report().counters().open() == 1);
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(component::deactivate);
            Awaitility.await().until(() -> supervisor.listener().orElseThrow().isHeld());
            in.send("x\n");
            assertEquals("> x", in.line());
            assertEquals("", in.restText());
            try (Client next = Client.connect(socket)) {
                next.send("y\n");
                stopping.get(60, TimeUnit.SECONDS);
                component = new ListenerComponent(engine);
                activate();
                complete(component);
                assertEquals("> y", next.line());
            }
        }
    }

    @Test
    void who_says_nothing_does_not_keep_it_from_stopping() throws Exception {
        activate();
        complete(component);
        ListenerSupervisor supervisor = engine.listeners().get(1);
        try (Client silent = Client.connect(socket)) {
            Awaitility.await().until(() -> supervisor.report().counters().open() == 1);
            CompletableFuture.runAsync(component::deactivate).get(60, TimeUnit.SECONDS);
            assertEquals("", silent.restText());
        }
    }

    @Test
    void a_socket_of_its_own_is_not_held_for_anybody() throws Exception {
        other.unbindLines(echo);
        try (Client client = Client.connect(directory.resolve("other"))) {
            assertEquals("Service unavailable\n", client.restText());
        }
    }

    @Test
    void what_systemd_has_not_handed_over_is_refused_by_file_key_and_value() throws Exception {
        activate();
        String sentence = FILE + ": path = systemd:back: systemd handed over no socket of that name; there is front.";
        component.modified(keys("test", "systemd:back"));
        assertEquals(1, log.count(sentence + " The last good configuration stays in force."));
        ListenerSupervisor supervisor = engine.listeners().get(1);
        assertEquals(
                Optional.of(sentence), supervisor.report().problem().map(all -> all.substring(0, sentence.length())));
        assertEquals(socket.toString(), supervisor.report().path());
        assertTrue(supervisor.report().listening());
    }

    @Test
    void what_systemd_has_not_handed_over_opens_no_socket_at_the_first_start() throws Exception {
        component.activate(framework.context(), keys("test", "systemd:back"));
        ListenerSupervisor supervisor = engine.listeners().get(1);
        assertEquals(
                Optional.of(
                        FILE + ": path = systemd:back: systemd handed over no socket of that name; there is front."),
                supervisor.report().problem());
        assertFalse(supervisor.report().listening());
    }

    @Test
    void a_key_that_the_socket_unit_has_is_ignored_with_a_word() throws Exception {
        activate("mode", "0600");
        assertEquals(
                1,
                log.count(
                        FILE
                                + ": mode = 0600 is ignored: with path = systemd:front the socket unit says it (SocketMode=)."));
        complete(component);
        assertEchoes();
    }

    private void activate(String... more) {
        component.activate(framework.context(), keys("test", "systemd:front", more));
    }

    private void complete(ListenerComponent listener) {
        listener.bindLines(echo, Server.ECHO);
        listener.bindProvider(provider);
        listener.bindAccess(access);
    }

    private void assertLoopHasLooked() throws Exception {
        try (Client client = Client.connect(directory.resolve("other"))) {
            client.ask("x");
        }
    }

    private void assertEchoes() throws Exception {
        try (Client client = Client.connect(socket)) {
            assertEquals("> hello", client.ask("hello"));
        }
    }

    private static Map<String, ?> keys(String name, String path, String... more) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("service.pid", "org.peercred.listener~" + name);
        keys.put("service.factoryPid", "org.peercred.listener");
        keys.put("felix.fileinstall.filename", "file:/etc/org.peercred.listener-" + name + ".cfg");
        keys.put("path", path);
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }
}
