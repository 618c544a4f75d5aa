/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

/** From the first moment of a socket to its last. */
@Timeout(120)
class ListenerSupervisorTest extends ListenerSupervisorFixture {

    @Test
    void opens_the_socket_and_closes_it_again_without_a_trace() throws Exception {
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        apply();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            control.close();
            assertEquals("", client.restText());
        }
        assertFalse(exists(path));
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void stopping_the_engine_leaves_no_thread_and_no_descriptor() throws Exception {
        control.close();
        engine.deactivate();
        int descriptors = ThisProcess.descriptors();
        for (int i = 0; i < 20; i++) {
            EngineComponent another = new EngineComponent(audit);
            another.activate(Map.of("loops", "3"));
            ListenerSupervisor its = new ListenerSupervisor(another, () -> {}, List::of);
            its.use(serving(Server.ECHO));
            its.apply(settings("path", path.toString()));
            try (Client client = Client.connect(path)) {
                assertEquals("> x", client.ask("x"));
                its.close();
                another.deactivate();
            }
        }
        Awaitility.await().until(() -> ThisProcess.threads("peercred-l").isEmpty());
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void goes_on_trying_after_an_error_of_any_kind() throws Exception {
        AtomicBoolean failing = new AtomicBoolean(true);
        ListenerSupervisor its = new ListenerSupervisor(
                engine,
                () -> {
                    if (failing.getAndSet(false)) {
                        throw new OutOfMemoryError("injected");
                    }
                },
                List::of);
        its.use(serving(Server.ECHO));
        try {
            its.apply(settings("path", path.toString()));
            assertEquals(
                    Optional.of("an internal error: java.lang.OutOfMemoryError: injected"),
                    its.report().problem());
            Awaitility.await().until(() -> its.report().problem().isEmpty());
        } finally {
            its.close();
        }
    }

    @Test
    void delivers_the_replies_that_are_due_before_it_stops() throws Exception {
        byte[] reply = new byte[4 << 20];
        control.use(serving(connection -> (line, replies) -> replies.put(reply)));
        apply();
        try (Client client = Client.connect(path)) {
            client.send("x\n");
            assertEquals(1, client.readOnce(ByteBuffer.allocate(1)));
            control.close();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(engine::deactivate);
            assertEquals(reply.length - 1, client.rest().length);
            stopping.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_service_that_blocks_its_loop_does_not_keep_the_listener_from_closing() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        control.use(serving(connection -> (line, replies) -> {
            blocked.countDown();
            try {
                assertTrue(release.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        apply();
        try (Client client = Client.connect(path)) {
            client.send("x\n");
            assertTrue(blocked.await(60, TimeUnit.SECONDS));
            control.close();
            assertFalse(exists(path));
            release.countDown();
            assertEquals("", client.restText());
        }
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void nothing_happens_any_more_once_it_is_closed() throws Exception {
        apply();
        control.close();
        apply("mode", "0666");
        assertFalse(exists(path));
        assertThrows(IOException.class, () -> Client.connect(path));
    }
}
