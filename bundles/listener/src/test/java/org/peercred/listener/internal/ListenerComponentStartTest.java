/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        activate();
        component.bindAccess(access);
        component.bindProvider(provider);
        try (Client early = Client.connect(path)) {
            early.send("x\n");
            assertEquals(0, accepted());
            component.bindLines(echo, Server.ECHO);
            assertEquals("> x", early.line());
        }
    }

    @Test
    void nobody_waits_once_all_bundles_have_started() throws Exception {
        framework.isStarting();
        activate();
        component.bindAccess(access);
        component.bindProvider(provider);
        try (Client early = Client.connect(path)) {
            assertEquals(0, accepted());
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
        activate();
        component.bindAccess(access);
        component.bindProvider(provider);
        try (Client early = Client.connect(path)) {
            assertEquals(0, accepted());
            framework.installed();
            assertEquals("Service unavailable\n", early.restText());
        }
        assertEquals(0, framework.listeners());
    }

    @Test
    void a_listener_that_comes_later_lets_nobody_wait() throws Exception {
        activate();
        component.bindAccess(access);
        component.bindProvider(provider);
        try (Client client = Client.connect(path)) {
            assertEquals("Service unavailable\n", client.restText());
        }
    }

    /** How many the loop has taken in, after it has had the time to take in who waits. */
    private long accepted() throws InterruptedException {
        Thread.sleep(200);
        return engine.listeners().get(0).report().counters().open();
    }
}
