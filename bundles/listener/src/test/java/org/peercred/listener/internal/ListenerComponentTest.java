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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Server;

/** Parts come and go, and nobody is served without one. */
@Timeout(120)
class ListenerComponentTest extends ListenerComponentFixture {

    private static final String DENIED = "Unauthorized access\n";

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
    void leaves_nothing_behind() throws Exception {
        all();
        assertServes();
        component.deactivate();
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(0, framework.registered());
        assertTrue(engine.listeners().isEmpty());
    }

    private void assertAnswers(String expected) throws IOException {
        try (Client client = Client.connect(path)) {
            assertEquals(expected, client.restText());
        }
    }
}
