/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Handed;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

/** Listeners on sockets that were handed over to this process. */
@Timeout(120)
class ListenerSupervisorSystemdTest {

    private final Handed handed = new Handed();
    private final Audit audit = new Audit();
    private Path directory;
    private Path one;
    private Path two;
    private EngineComponent engine;
    private ListenerSupervisor control;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
        one = directory.resolve("one");
        two = directory.resolve("two");
        handed.listening("one", one).listening("two", two);
        engine = engine();
        control = supervisor(engine);
    }

    @AfterEach
    void stop() throws Exception {
        control.close();
        engine.deactivate();
        audit.close();
        handed.close();
        Temporary.delete(directory);
    }

    private EngineComponent engine() {
        EngineComponent fresh = new EngineComponent(
                audit, () -> Server.LIBC, libc -> PassedSockets.of(libc, handed.environment()::get, Handed.FIRST));
        fresh.activate(Map.of());
        return fresh;
    }

    private static ListenerSupervisor supervisor(EngineComponent engine) {
        ListenerSupervisor fresh = new ListenerSupervisor(engine, () -> {}, List::of);
        engine.add(fresh);
        fresh.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(new FakeAccess()),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        return fresh;
    }

    @Test
    void serves_on_it_and_tells_where_that_is() throws Exception {
        apply(control, "systemd:one");
        assertEchoes(one);
        assertEquals(one.toString(), control.report().path());
        assertTrue(control.report().listening());
        assertEquals(Optional.empty(), control.report().problem());
    }

    @Test
    void neither_file_nor_mode_nor_backlog_is_touched() throws Exception {
        Object before = Files.readAttributes(one, "unix:ino,mode,uid,gid,ctime");
        control.apply(settings("path", "systemd:one", "mode", "0600", "owner", "nobody", "backlog", "1"));
        assertEquals(Optional.empty(), control.report().problem());
        assertEchoes(one);
        control.apply(settings("path", "systemd:one", "mode", "0640"));
        control.close();
        assertEquals(before, Files.readAttributes(one, "unix:ino,mode,uid,gid,ctime"));
    }

    @Test
    void who_connects_while_the_bundle_is_restarted_waits_and_is_served() throws Exception {
        apply(control, "systemd:one");
        assertEchoes(one);
        control.close();
        engine.deactivate();
        try (Client client = Client.connect(one)) {
            client.send("x\n");
            engine = engine();
            control = supervisor(engine);
            apply(control, "systemd:one");
            assertEquals("> x", client.line());
        }
    }

    @Test
    void moves_from_one_to_another_and_to_a_path_and_back_and_who_is_connected_stays() throws Exception {
        apply(control, "systemd:one");
        int descriptors = ThisProcess.descriptors();
        try (Client client = Client.connect(one)) {
            assertEquals("> a", client.ask("a"));
            apply(control, "systemd:two");
            assertEquals("> b", client.ask("b"));
            assertEchoes(two);
            Path own = directory.resolve("own");
            apply(control, own.toString());
            assertEchoes(own);
            apply(control, "systemd:one");
            assertFalse(Files.exists(own, LinkOption.NOFOLLOW_LINKS));
            assertEquals("> c", client.ask("c"));
            assertEchoes(one);
        }
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void a_file_that_was_deleted_is_not_made_anew() throws Exception {
        apply(control, "systemd:one");
        try (Client client = Client.connect(one)) {
            assertEquals("> x", client.ask("x"));
            Files.delete(one);
            // The look that makes files anew comes every 5 s; a first and a second one of another listener show that it
            // has passed.
            ListenerSupervisor other = supervisor(engine);
            Path own = directory.resolve("own");
            apply(other, own.toString());
            for (int i = 0; i < 2; i++) {
                Files.delete(own);
                Awaitility.await().until(() -> Files.exists(own, LinkOption.NOFOLLOW_LINKS));
            }
            other.close();
            assertFalse(Files.exists(one, LinkOption.NOFOLLOW_LINKS));
            assertEquals(Optional.empty(), control.report().problem());
            assertEquals("> y", client.ask("y"));
        }
    }

    @Test
    void a_second_listener_does_not_get_the_same_one_until_the_first_is_gone() throws Exception {
        apply(control, "systemd:one");
        ListenerSupervisor second = supervisor(engine);
        apply(second, "systemd:one");
        assertEquals(
                Optional.of("this Karaf itself is listening on systemd:one, by its listener test"),
                second.report().problem());
        ListenerSupervisor third = supervisor(engine);
        apply(third, one.toString());
        assertEquals(
                Optional.of("this Karaf itself is listening on " + one + ", by its listener test"),
                third.report().problem());
        third.close();
        control.close();
        engine.remove(control);
        apply(second, "systemd:one");
        assertEchoes(one);
        second.close();
    }

    @Test
    void closing_never_leaves_a_descriptor_and_never_waits_for_a_client() throws Exception {
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        apply(control, "systemd:one");
        try (Client client = Client.connect(one)) {
            assertEquals("> x", client.ask("x"));
            CompletableFuture.runAsync(control::close).get(60, TimeUnit.SECONDS);
            assertEquals("", client.restText());
        }
        assertFalse(control.report().listening());
        ThisProcess.awaitDescriptors(descriptors);
    }

    private static void assertEchoes(Path path) throws Exception {
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
        }
    }

    private static void apply(ListenerSupervisor supervisor, String path) throws ConfigException {
        supervisor.apply(settings("path", path));
    }

    private static ListenerSettings settings(String... keysAndValues) throws ConfigException {
        Map<String, String> keys = new HashMap<>(Map.of("name", "test"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Server.settings(keys);
    }
}
