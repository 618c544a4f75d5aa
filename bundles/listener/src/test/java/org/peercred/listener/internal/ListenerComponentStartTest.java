/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;

/** The component of a listener with a socket of its own, while the container starts: who comes too early waits. */
@Timeout(120)
class ListenerComponentStartTest extends ListenerComponentFixture {

    @Test
    void who_comes_before_a_service_of_a_later_bundle_waits_for_it() throws Exception {
        framework.isStarting();
        activateWithoutService();
        try (Client early = Client.connect(path)) {
            early.send("x\n");
            assertNobodyIsTakenIn();
            component.bindLines(echo, Server.ECHO);
            assertEquals("> x", early.line());
        }
    }

    @Test
    void nobody_waits_once_all_bundles_have_started() throws Exception {
        framework.isStarting();
        activateWithoutService();
        try (Client early = Client.connect(path)) {
            assertNobodyIsTakenIn();
            framework.started();
            assertEquals("Service unavailable\n", early.restText());
        }
        try (Client late = Client.connect(path)) {
            assertEquals("Service unavailable\n", late.restText());
        }
    }

    @Test
    void who_comes_before_what_was_installed_with_it_waits() throws Exception {
        framework.isInstalling();
        activateWithoutService();
        try (Client early = Client.connect(path)) {
            assertNobodyIsTakenIn();
            framework.installed();
            assertEquals("Service unavailable\n", early.restText());
        }
        assertEquals(0, framework.listeners());
    }

    @Test
    void a_listener_that_comes_later_lets_nobody_wait() throws Exception {
        activateWithoutService();
        try (Client client = Client.connect(path)) {
            assertEquals("Service unavailable\n", client.restText());
        }
    }

    private void activateWithoutService() {
        activate();
        component.bindAccess(access);
        component.bindProvider(provider);
    }

    /** On the same loop, and complete: when it has answered, the loop has looked at all who had come before. */
    private void assertNobodyIsTakenIn() throws IOException {
        ListenerComponent other = new ListenerComponent(engine);
        Path beside = directory.resolve("other");
        try {
            other.activate(
                    framework.context(), keys("service.pid", "org.peercred.listener~other", "path", beside.toString()));
            other.bindAccess(access);
            other.bindProvider(provider);
            other.bindLines(echo, Server.ECHO);
            try (Client client = Client.connect(beside)) {
                assertEquals("> x", client.ask("x"));
            }
            assertEquals(0, engine.listeners().get(0).report().counters().open());
        } finally {
            other.deactivate();
        }
    }
}
