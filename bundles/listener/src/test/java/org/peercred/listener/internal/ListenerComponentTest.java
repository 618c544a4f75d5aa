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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.LineService;

/** The component as DS drives it. */
@Timeout(120)
class ListenerComponentTest {

    private static final String DENIED = "Unauthorized access\n";

    private final FakeAccess access = new FakeAccess();
    private final PeerCredentialProvider provider = RealCredentials.provider();
    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit);
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
        audit.close();
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
    void tells_all_mistakes_of_a_file_at_once_and_each_once() throws Exception {
        String file = "etc/org.peercred.listener-test.cfg: ";
        List<String> mistakes = List.of(
                file + "mode = rw: it must be three octal digits, for instance 0600.",
                file + "owner = 4294967295: ids go from 0 to 4294967294.",
                file + "max.connections = many: it must be a whole number from 1 to 10000000.",
                file + "idle.timeout = soon: it must be a duration, 0 (never) to 365 d, in ms, s, min, h or d, for"
                        + " instance 30 s.",
                file + "stale = no: it must be remove or fail.");
        String[] keys = {
            "mode",
            "rw",
            "owner",
            "4294967295",
            "max.connections",
            "many",
            "idle.timeout",
            "soon",
            "stale",
            "no",
            "bakclog",
            "7"
        };
        activate(keys);
        component.modified(keys(keys));
        String told = engine.listeners().get(0).report().problem().orElseThrow();
        for (String mistake : mistakes) {
            assertEquals(1, log.count(mistake), log.text());
            assertEquals(2, told.split(Pattern.quote(mistake), -1).length, told);
        }
        assertEquals(1, log.count(file + "unknown key bakclog is ignored; did you mean backlog?"), log.text());
        component.modified(keys());
        String after = engine.listeners().get(0).report().problem().orElse("");
        assertFalse(mistakes.stream().anyMatch(after::contains), after);
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
            Awaitility.await().until(() -> Files.exists(blocked, LinkOption.NOFOLLOW_LINKS));
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
                .until(() -> log.count("Listener test waits for the credential provider and the access control and a"
                                + " service that matches (peercred.service=echo); until then nobody is served.")
                        == 1);
    }

    @Test
    void says_nothing_when_the_rest_comes_in_time() throws Exception {
        all();
        Awaitility.await().during(Duration.ofMillis(3500)).until(() -> log.count("Listener test waits") == 0);
    }

    @Test
    void says_that_a_required_policy_does_not_exist_and_which_was_meant() throws Exception {
        access.policies = List.of("owner", "superuser");
        all("required.policies", "ownr, superuser");
        String sentence =
                "etc/org.peercred.listener-test.cfg: required.policies = ownr: there is no such policy, and nobody is"
                        + " let in until there is; did you mean owner?";
        assertEquals(Optional.empty(), problem(), "it has the time to come that a start takes");
        Awaitility.await().until(() -> problem().equals(Optional.of(sentence)));
        component.policiesChanged(2);
        component.modified(keys("required.policies", "ownr, superuser"));
        assertEquals(1, log.count(sentence));
        access.policies = List.of("ownr", "superuser");
        component.policiesChanged(3);
        assertEquals(Optional.empty(), problem());
        access.policies = List.of("owner", "superuser");
        component.policiesChanged(4);
        Awaitility.await().until(() -> problem().equals(Optional.of(sentence)));
        component.modified(keys("required.policies", "owner, superuser"));
        assertEquals(Optional.empty(), problem());
        assertEquals(2, log.count(sentence));
    }

    @Test
    void says_that_a_required_policy_is_not_in_force_or_does_not_cover_it() throws Exception {
        access.policies = List.of("owner", "uid~team");
        access.rejected = Set.of("owner");
        access.elsewhere = Set.of("uid~team");
        all("required.policies", "owner, uid~team");
        String file = "etc/org.peercred.listener-test.cfg: required.policies = ";
        String notInForce = file + "owner: that policy is not in force, and nobody is let in until it is;"
                + " peercred:policies says why.";
        String notCovered = file + "uid~team: that policy does not cover connect on listener test, and nobody is let in"
                + " until it does.";
        Awaitility.await().until(() -> problem().equals(Optional.of(notInForce + " " + notCovered)));
        access.rejected = Set.of();
        component.policiesChanged(2);
        Awaitility.await().until(() -> problem().equals(Optional.of(notCovered)));
        access.elsewhere = Set.of();
        component.policiesChanged(3);
        assertEquals(Optional.empty(), problem());
    }

    @Test
    void says_nothing_of_required_rules_for_requests_that_are_in_force() throws Exception {
        access.policies = List.of("http~rules");
        access.ofRequests = Set.of("http~rules");
        access.rejected = Set.of("http~rules");
        all("required.policies", "http~rules");
        String file = "etc/org.peercred.listener-test.cfg: required.policies = ";
        Awaitility.await().until(() -> problem()
                .equals(Optional.of(file + "http~rules: that policy is not in force, and nobody is let in"
                        + " until it is; peercred:policies says why.")));
        access.rejected = Set.of();
        component.policiesChanged(2);
        assertEquals(Optional.empty(), problem());
    }

    @Test
    void shows_that_its_service_does_not_exist_and_which_there_are() throws Exception {
        all("service.target", "(peercred.service=ech)");
        assertEquals(
                Optional.of(
                        "Listener test waits for a service that matches (peercred.service=ech); until then nobody is"
                                + " served. There is echo."),
                problem());
        component.modified(keys("service.target", "(peercred.service=echo)"));
        assertEquals(Optional.empty(), problem());
        component.unbindLines(echo);
        component.unbindAccess(access);
        assertEquals(
                Optional.of("Listener test waits for the access control and a service that matches"
                        + " (peercred.service=echo); until then nobody is served."),
                problem());
    }

    @Test
    void what_others_call_their_policies_does_not_play_with_the_log() throws Exception {
        access.policies = List.of("owne\u2028r");
        all("required.policies", "owner");
        Awaitility.await().until(() -> problem().orElse("").contains("did you mean owne\\u2028r?"));
        assertEquals(1, log.count("did you mean owne\\u2028r?"), log.text());
    }

    @Test
    void says_that_a_variable_in_a_required_policy_is_not_set() throws Exception {
        access.policies = List.of("owner");
        all("required.policies", "owner, $[env:TEAM]");
        Awaitility.await()
                .until(() ->
                        log.count("required.policies = $[env:TEAM]: that variable is not set, and nobody is let in.")
                                == 1);
    }

    @Test
    void lets_nobody_in_by_a_requirement_that_a_variable_leaves_empty() throws Exception {
        activate("required.policies", "owner, ");
        assertEquals(
                1,
                log.count(
                        "etc/org.peercred.listener-test.cfg: required.policies = owner,: an entry is empty; if it is a"
                                + " variable, it is not set. There is no socket."));
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    private Optional<String> problem() {
        return new ListenerDirectoryComponent(engine).listeners().get(0).problem();
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
