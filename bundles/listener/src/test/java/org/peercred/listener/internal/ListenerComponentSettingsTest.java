/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;

/** What a bad configuration leaves in force, and what it says. */
@Timeout(120)
class ListenerComponentSettingsTest extends ListenerComponentFixture {

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

    @Test
    void warns_when_the_process_may_not_open_as_many_descriptors() throws Exception {
        activate("max.connections", "5000000");
        assertEquals(
                1, log.count("Listener test: max.connections = 5000000 needs 5000000 descriptors, but this process"));
        component.modified(keys("max.connections", "10"));
        assertEquals(1, log.count("Listener test: max.connections"));
    }
}
