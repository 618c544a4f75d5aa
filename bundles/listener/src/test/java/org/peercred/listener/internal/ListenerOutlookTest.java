/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.ConfigurationCheck.Terms;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;

/** What is said of a listener's settings before they count, and that it comes true. */
@Timeout(120)
class ListenerOutlookTest {

    private static final String FILE = "etc/org.peercred.listener-first.cfg";

    private final FakeAccess access = new FakeAccess();
    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit);
    private final FakeFramework framework = new FakeFramework();
    private final ServiceReference<?> echo = framework.reference("echo", 1);
    private final ServiceReference<?> other = framework.reference("other", 1);
    private ListenerSupervisor first;
    private Path home;

    @BeforeEach
    void start() throws Exception {
        home = Temporary.directory();
        engine.activate(Map.of());
        first = new ListenerSupervisor(engine, () -> {}, List::of);
        engine.add(first);
        first.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        first.apply(settings());
    }

    @AfterEach
    void stop() throws Exception {
        first.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(home);
    }

    private String path(String name) {
        return home.resolve(name).toString();
    }

    /** The first listener's, but for these keys and values. */
    private ListenerSettings settings(String... changes) throws Exception {
        Map<String, String> keys = new HashMap<>(Map.of("name", "first", "path", path("a")));
        for (int i = 0; i < changes.length; i += 2) {
            keys.put(changes[i], changes[i + 1]);
        }
        return Server.settings(keys);
    }

    private Forecast change(String... changes) throws Exception {
        return outlook().of(Optional.of("first"), FILE, settings(changes));
    }

    private List<String> effects(String... changes) throws Exception {
        return change(changes).effects();
    }

    private List<String> beginning(String... changes) throws Exception {
        Forecast forecast = outlook().of(Optional.empty(), FILE, settings(changes));
        assertTrue(forecast.terms().isEmpty());
        return forecast.effects();
    }

    private ListenerOutlook outlook() {
        return new ListenerOutlook(engine, Optional.of(access), List.of(echo, other));
    }

    @Test
    void a_new_listener_has_its_path_looked_at() throws Exception {
        assertEquals(
                List.of("It would be a new listener, on " + path("b") + "."),
                beginning("name", "b", "path", path("b")));
        assertFalse(Files.exists(home.resolve("b")));
        assertEquals(
                List.of("The listener could not be started: this Karaf itself is listening on " + path("a")
                        + ", by its listener first."),
                beginning("name", "b"));
        assertEquals(
                List.of("The listener could not be started: " + path("none/b")
                        + " cannot be bound: there is no directory " + path("none") + "."),
                beginning("name", "b", "path", path("none/b")));
        Files.createFile(home.resolve("file"));
        assertEquals(
                List.of("The listener could not be started: " + path("file") + " exists and is no socket."),
                beginning("name", "b", "path", path("file")));
        assertTrue(Files.exists(home.resolve("file")));
        assertEquals(
                List.of(
                        "The listener could not be started: owner = nobody-of-this-name cannot be resolved while the user"
                                + " database is missing."),
                beginning("name", "b", "path", path("b"), "owner", "nobody-of-this-name"));
        assertEquals(
                List.of(
                        "There is a listener first already; no policy could tell the two apart.",
                        "It would be a new listener, on " + path("b") + "."),
                beginning("path", path("b")));
    }

    @Test
    void a_path_that_another_program_has_is_left_to_it() throws Exception {
        try (Server server = new Server()) {
            List<String> effects = beginning("name", "b", "path", server.path().toString());
            assertEquals(1, effects.size());
            assertTrue(
                    effects.get(0).startsWith("The listener could not be started: ")
                            && effects.get(0).contains(server.path().toString()),
                    effects::toString);
            try (Client client = Client.connect(server.path())) {
                assertEquals("> x", client.ask("x"));
            }
        }
    }

    @Test
    void a_new_listener_without_its_policies_or_its_service_is_said_to_be_closed() throws Exception {
        access.policies = List.of("owner");
        assertEquals(
                List.of(
                        "It would be a new listener, on " + path("b") + ".",
                        FILE + ": required.policies = owmer: there is no such policy, and nobody is let in until there"
                                + " is; did you mean owner?",
                        "Nobody would be served: there is no service that matches (peercred.service=shell). There is"
                                + " echo, other."),
                beginning(
                        "name",
                        "b",
                        "path",
                        path("b"),
                        "required.policies",
                        "owner,owmer",
                        "service.target",
                        "(peercred.service=shell)"));
    }

    @Test
    void settings_that_are_in_force_change_nothing() throws Exception {
        Forecast forecast = change();
        assertEquals(List.of(), forecast.effects());
        assertTrue(forecast.terms().isEmpty());
    }

    @Test
    void what_ends_no_connection_is_said_to_end_none() throws Exception {
        assertEquals(List.of("Open connections would stay."), effects("denied.message", "no"));
        assertEquals(List.of("Open connections would stay."), effects("protocol", "http"));
        assertEquals(List.of("Open connections would stay."), effects("backlog", "5"));
        assertEquals(
                List.of("Owner, group and mode of " + path("a")
                        + " would be set without making it anew; open connections would stay."),
                effects("mode", "0660"));
    }

    @Test
    void another_path_and_lower_limits_put_nobody_out_which_is_true() throws Exception {
        String[] changes = {"path", path("b"), "max.connections", "1", "max.connections.per.uid", "1"};
        try (Client one = Client.connect(Path.of(path("a")));
                Client two = Client.connect(Path.of(path("a")))) {
            assertEquals("> 1", one.ask("1"));
            assertEquals("> 2", two.ask("2"));
            long uid = RealCredentials.provider().daemonUid();
            assertEquals(
                    List.of(
                            "Clients would find it at " + path("b") + ", and at " + path("a")
                                    + " no more; open connections would stay.",
                            "2 connections are open, more than max.connections = 1: they would stay, and nobody else"
                                    + " could connect until there are fewer.",
                            "uid " + uid + " has 2 connections open, more than max.connections.per.uid = 1: they would"
                                    + " stay, and that user could not connect again until there are fewer."),
                    effects(changes));
            first.apply(settings(changes));
            assertEquals("> 3", one.ask("3"));
            assertEquals("> 4", two.ask("4"));
            assertFalse(Files.exists(Path.of(path("a"))));
            try (Client late = Client.connect(Path.of(path("b")))) {
                assertEquals("Too many connections\n", late.restText());
            }
        }
    }

    @Test
    void a_path_that_cannot_be_had_keeps_everything_as_it_was_which_is_true() throws Exception {
        String[] changes = {"path", path("none/a"), "required.policies", "absent", "max.connections", "1"};
        Forecast forecast = change(changes);
        assertEquals(
                List.of("Nothing of it would count until it can be done: " + path("none/a")
                        + " cannot be bound: there is no directory " + path("none") + "."),
                forecast.effects());
        assertTrue(forecast.terms().isEmpty());
        first.apply(settings(changes));
        assertEquals(settings(), first.listener().orElseThrow().settings());
    }

    @Test
    void a_service_that_is_not_offered_any_more_ends_its_connections() throws Exception {
        assertEquals(
                List.of("Open connections with the service echo would end."),
                effects("service.target", "(peercred.service=other)"));
        assertEquals(
                List.of(
                        "Open connections with the service echo would end.",
                        "Nobody would be served: there is no service that matches (peercred.service=none). There is"
                                + " echo, other."),
                effects("service.target", "(peercred.service=none)"));
        assertEquals(List.of("Open connections would stay."), effects("service.target", "(peercred.service=*)"));
    }

    @Test
    void what_ends_connections_later_is_told() throws Exception {
        assertEquals(
                List.of(
                        "Open connections would end with their process, and at once where it has ended already or cannot"
                                + " be watched.",
                        "Open connections, too, would end after idle.timeout.",
                        "On open connections, too, a line longer than max.line.length would end the connection."),
                effects("peer.exit", "close", "idle.timeout", "5 s", "max.line.length", "10"));
    }

    @Test
    void other_terms_are_what_those_who_are_connected_are_decided_by() throws Exception {
        access.policies = List.of("owner");
        Forecast forecast = change("required.policies", "owner");
        assertEquals(List.of(), forecast.effects());
        assertEquals(Optional.of(new Terms("first", "first", Set.of("owner"))), forecast.terms());
        assertEquals(
                List.of(
                        "What policies and roles say of the listener first would not count for it any more, but what they"
                                + " say of renamed."),
                effects("name", "renamed"));
        assertEquals(
                Optional.of(new Terms("first", "renamed", Set.of())),
                change("name", "renamed").terms());
    }
}
