/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

/** Listeners on sockets that have a name and no file. */
@Timeout(120)
class ListenerSupervisorAbstractTest {

    private static final String ASKS = "s = connect(); s.sendall(b'x\\n'); s.shutdown(socket.SHUT_WR); print(rest(s))";
    private static final String ECHO = "b'> x\\n'";

    private final String name = "@peercred-" + UUID.randomUUID();
    private final Audit audit = new Audit();
    private final FakeAccess access = new FakeAccess();
    private final EngineComponent engine = new EngineComponent(audit);
    private ListenerSupervisor control;

    @BeforeEach
    void start() {
        engine.activate(Map.of());
        control = supervisor();
    }

    @AfterEach
    void stop() {
        control.close();
        engine.deactivate();
        audit.close();
    }

    private ListenerSupervisor supervisor() {
        ListenerSupervisor fresh = new ListenerSupervisor(engine, () -> {}, List::of);
        engine.add(fresh);
        fresh.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        return fresh;
    }

    @Test
    void serves_whom_the_policies_let_in_and_no_one_else() throws Exception {
        apply(control, name);
        assertEquals(ECHO, hears(name));
        assertEquals(name, control.report().path());
        assertTrue(control.report().listening());
        assertEquals(Optional.empty(), control.report().problem());
        access.denyAll();
        assertEquals("b'Unauthorized access\\n'", hears(name));
        ThisProcess.needsRoot("a client of another user");
        access.allow(request -> request.peer().uid() == 4321);
        assertEquals("b'Unauthorized access\\n'", hears(name));
        try (Python other = Python.runAs(4321, Path.of(name), ASKS)) {
            assertEquals(ECHO, other.line());
        }
    }

    @Test
    void a_name_that_is_as_long_as_can_be_is_another_than_one_that_is_shorter() throws Exception {
        String longest = name + "n".repeat(108 - name.length());
        apply(control, longest);
        assertEquals(ECHO, hears(longest));
        ListenerSupervisor other = supervisor();
        apply(other, longest.substring(0, 107));
        assertEquals(Optional.empty(), other.report().problem());
        other.close();
    }

    @Test
    void who_is_connected_stays_while_it_moves_and_the_old_name_is_free() throws Exception {
        apply(control, name);
        int descriptors = ThisProcess.descriptors();
        Path directory = Temporary.directory();
        try (Python client = Python.run(
                Path.of(name),
                "s = connect(); f = s.makefile('rw')\nfor l in sys.stdin: f.write(l); f.flush(); print(f.readline(), end='')")) {
            assertEquals("> a", client.tell("a").line());
            apply(control, directory.resolve("socket").toString());
            assertEquals("> b", client.tell("b").line());
            try (Client file = Client.connect(directory.resolve("socket"))) {
                assertEquals("> x", file.ask("x"));
            }
            Awaitility.await().until(() -> !isThere(name));
            apply(control, name);
            assertEquals(ECHO, hears(name));
            assertEquals("> c", client.tell("c").line());
        }
        ThisProcess.awaitDescriptors(descriptors);
        Temporary.delete(directory);
    }

    @Test
    void another_program_that_has_the_name_is_told_of_and_the_name_taken_when_it_is_free() throws Exception {
        try (Python other = Python.run(
                Path.of(name),
                "s = socket.socket(socket.AF_UNIX); s.bind(path); s.listen(); print('there'); time.sleep(99)")) {
            assertEquals("there", other.line());
            apply(control, name);
            String problem = control.report().problem().orElseThrow();
            assertTrue(
                    problem.startsWith("another program is listening on " + name + ": process " + other.pid() + " ("),
                    problem);
        }
        Awaitility.await().until(() -> control.report().problem().isEmpty());
        assertEquals(ECHO, hears(name));
    }

    @Test
    void one_that_has_the_name_and_does_not_listen_is_told_of() throws Exception {
        try (Python other = Python.run(
                Path.of(name), "s = socket.socket(socket.AF_UNIX); s.bind(path); print('there'); time.sleep(99)")) {
            assertEquals("there", other.line());
            apply(control, name);
            assertEquals(
                    Optional.of("another socket has the name " + name),
                    control.report().problem());
        }
    }

    @Test
    void a_second_listener_does_not_get_the_same_name() throws Exception {
        apply(control, name);
        ListenerSupervisor second = supervisor();
        apply(second, name);
        assertEquals(
                Optional.of("this Karaf itself is listening on " + name + ", by its listener test"),
                second.report().problem());
        second.close();
        assertEquals(ECHO, hears(name));
    }

    @Test
    void no_descriptor_is_left_and_the_name_is_free_at_the_end() throws Exception {
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        for (int i = 0; i < 20; i++) {
            ListenerSupervisor fresh = supervisor();
            apply(fresh, name + i);
            fresh.close();
        }
        ThisProcess.awaitDescriptors(descriptors);
        assertFalse(isThere(name + 19));
    }

    private static String hears(String name) throws Exception {
        try (Python client = Python.run(Path.of(name), ASKS)) {
            return client.line();
        }
    }

    /** Whether anybody listens there. */
    private static boolean isThere(String name) throws Exception {
        try (Python client = Python.run(Path.of(name), "print(socket.socket(socket.AF_UNIX).connect_ex(path))")) {
            return client.line().equals("0");
        }
    }

    private static void apply(ListenerSupervisor supervisor, String path) throws ConfigException {
        supervisor.apply(Server.settings(Map.of("path", path, "name", "test")));
    }
}
