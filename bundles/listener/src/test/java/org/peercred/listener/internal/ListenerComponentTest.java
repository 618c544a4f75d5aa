/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.LineService;

/** The component as DS drives it. */
@Timeout(60)
class ListenerComponentTest {

    private static final String DENIED = "Unauthorized access\n";

    private final FakeAccess access = new FakeAccess();
    private final PeerCredentialProvider provider = RealCredentials.provider();
    private final AuditComponent audit = new AuditComponent();
    private final Engine engine = new Engine(audit);
    private final FakeFramework framework = new FakeFramework();
    private final ServiceReference<LineService> echo = framework.reference("echo", 1);
    private final ListenerComponent component = new ListenerComponent(engine);
    private LogFile log;
    private Path directory;
    private Path path;

    @BeforeEach
    void start() throws IOException {
        log = new LogFile();
        directory = Temporary.directory();
        path = directory.resolve("socket");
        engine.activate(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        component.deactivate();
        engine.deactivate();
        audit.deactivate();
        Temporary.delete(directory);
    }

    @Test
    void is_closed_to_everybody_until_the_last_part_has_come() throws Exception {
        activate();
        assertAnswers(DENIED);
        component.bindLines(echo, Server.ECHO);
        assertAnswers(DENIED);
        component.bindProvider(provider);
        assertAnswers(DENIED);
        component.bindAccess(access);
        assertServes();
    }

    @Test
    void is_closed_to_everybody_when_parts_come_in_another_order() throws Exception {
        component.bindAccess(access);
        component.bindProvider(provider);
        activate();
        assertAnswers("Service unavailable\n");
        component.bindLines(echo, Server.ECHO);
        assertServes();
    }

    @Test
    void disconnects_when_a_part_goes_and_serves_again_when_it_is_back() throws Exception {
        all();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            component.unbindAccess(access);
            assertEquals(DENIED, client.restText());
        }
        component.bindAccess(access);
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            component.unbindLines(echo);
            assertEquals("Service unavailable\n", client.restText());
        }
        component.bindLines(echo, Server.ECHO);
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            component.unbindProvider(provider);
            assertEquals(DENIED, client.restText());
        }
        component.bindProvider(provider);
        assertServes();
    }

    @Test
    void a_part_that_is_replaced_before_the_old_one_goes_disconnects_nobody() throws Exception {
        all();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            component.bindAccess(new FakeAccess());
            component.unbindAccess(access);
            PeerCredentialProvider other = RealCredentials.provider();
            component.bindProvider(other);
            component.unbindProvider(provider);
            assertEquals("> y", client.ask("y"));
        }
    }

    @Test
    void decides_again_when_policies_change() throws Exception {
        all();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            access.denyAll();
            component.policiesChanged(2);
            assertEquals(DENIED, client.restText());
        }
    }

    @Test
    void offers_only_what_the_target_matches_and_the_best_of_it() throws Exception {
        all("service.target", "(peercred.service=other)");
        assertAnswers("Service unavailable\n");
        component.bindLines(framework.reference("other", 1), connection -> (line, replies) -> replies.put((byte) '1'));
        component.bindLines(framework.reference("other", 7), connection -> (line, replies) -> replies.put((byte) '7'));
        component.bindLines(framework.reference("other", 3), connection -> (line, replies) -> replies.put((byte) '3'));
        try (Client client = Client.connect(path)) {
            assertEquals("7", client.send("x\n").receiveText(1));
        }
    }

    @Test
    void a_bad_configuration_leaves_the_last_good_one_in_force_and_says_so_once() throws Exception {
        all();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            for (int i = 0; i < 3; i++) {
                component.modified(keys("mode", "rw", "denied.message", "other"));
            }
            assertEquals("> y", client.ask("y"));
            assertServes();
            assertEquals(
                    1,
                    log.count("etc/org.peercred.listener-test.cfg: mode = rw: it must be three octal digits, for"
                            + " instance 0600. The last good configuration stays in force."));
            component.modified(keys());
            assertEquals("> z", client.ask("z"));
        }
    }

    @Test
    void a_bad_configuration_at_first_opens_no_socket_until_it_is_mended() throws Exception {
        component.bindAccess(access);
        component.bindProvider(provider);
        component.bindLines(echo, Server.ECHO);
        component.activate(framework.context(), keys("backlog", "none"));
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(1, log.count("backlog = none: it must be a whole number from 1 to 1048576. There is no socket."));
        component.modified(keys());
        assertServes();
    }

    @Test
    void warns_of_unknown_keys_once() throws Exception {
        activate("max.conections", "1");
        component.modified(keys("max.conections", "1"));
        assertEquals(1, log.count("unknown key max.conections is ignored; did you mean max.connections?"));
    }

    @Test
    void a_change_that_cannot_be_applied_does_not_change_the_service_either() throws Exception {
        all();
        component.bindLines(framework.reference("other", 1), connection -> (line, replies) -> replies.put((byte) '!'));
        Path blocked = Files.writeString(directory.resolve("blocked"), "in the way");
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            component.modified(keys("path", blocked.toString(), "service.target", "(peercred.service=other)"));
            assertEquals("> y", client.ask("y"));
            assertServes();
            Files.delete(blocked);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> Files.exists(blocked, LinkOption.NOFOLLOW_LINKS));
            assertEquals("Service unavailable\n", client.restText());
            try (Client other = Client.connect(blocked)) {
                assertEquals("!", other.send("x\n").receiveText(1));
            }
        }
    }

    @Test
    void says_what_it_waits_for_when_that_takes_long() throws Exception {
        activate();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> log.count("Listener test waits for the credential provider and the access control and a"
                                + " service that matches (peercred.service=echo); until then nobody is served.")
                        == 1);
    }

    @Test
    void says_nothing_when_the_rest_comes_in_time() throws Exception {
        all();
        Awaitility.await()
                .during(Duration.ofMillis(3500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> log.count("Listener test waits") == 0);
    }

    @Test
    void warns_when_the_process_may_not_open_as_many_descriptors() throws Exception {
        activate("max.connections", "5000000");
        assertEquals(
                1, log.count("Listener test: max.connections = 5000000 needs 5000000 descriptors, but this process"));
        component.modified(keys("max.connections", "10"));
        assertEquals(1, log.count("Listener test: max.connections"));
    }

    @Test
    void leaves_nothing_behind() throws Exception {
        all();
        assertServes();
        component.deactivate();
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(0, framework.registered());
        assertTrue(engine.listeners().isEmpty());
    }

    private void activate(String... more) {
        component.activate(framework.context(), keys(more));
    }

    private void all(String... more) {
        activate(more);
        component.bindAccess(access);
        component.bindProvider(provider);
        component.bindLines(echo, Server.ECHO);
    }

    private void assertAnswers(String expected) throws IOException {
        try (Client client = Client.connect(path)) {
            assertEquals(expected, client.restText());
        }
    }

    private void assertServes() throws IOException {
        try (Client client = Client.connect(path)) {
            assertEquals("> hello", client.ask("hello"));
        }
    }

    private Map<String, ?> keys(String... more) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("service.pid", "org.peercred.listener~test");
        keys.put("service.factoryPid", "org.peercred.listener");
        keys.put("felix.fileinstall.filename", "file:/etc/org.peercred.listener-test.cfg");
        keys.put("path", path.toString());
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }
}
