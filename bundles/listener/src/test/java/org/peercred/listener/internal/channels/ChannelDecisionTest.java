/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessRequest;
import org.peercred.listener.internal.testing.Client;
import org.peercred.service.ChannelConnection;

/** What threads of a service may ask about the peer of a channel, and until when. */
@Timeout(120)
class ChannelDecisionTest extends ChannelFixture {

    @Test
    void decisions_and_roles_are_worked_out_by_the_thread_that_asks_while_the_loop_has_other_work() throws Exception {
        offerQuiet();
        List<String> threads = new ArrayList<>();
        server.roles((peer, listener) -> Set.of("on-" + listener));
        server.access.allow(request -> {
            if (!request.action().equals(AccessRequest.CONNECT)) {
                threads.add(Thread.currentThread().getName());
                return request.peer().groups().value().isPresent();
            }
            return true;
        });
        try (Client client = server.connect()) {
            ChannelConnection connection = connection();
            CompletableFuture<Void> goOn = new CompletableFuture<>();
            server.loop.execute(() -> goOn.orTimeout(60, TimeUnit.SECONDS).join());
            assertTrue(connection.decide("command:x").allowed());
            assertEquals(Set.of("on-test"), connection.roles());
            goOn.complete(null);
            assertEquals(List.of(Thread.currentThread().getName()), threads);
            client.leave();
        }
        connection().end();
    }

    @Test
    void facts_that_nobody_read_in_time_are_absent_and_never_another_connections() throws Exception {
        Quiet session = offerQuiet();
        server.access.allow(request -> request.action().equals(AccessRequest.CONNECT)
                || request.peer().groups().value().isPresent());
        try (Client client = server.connect()) {
            connection().end();
            assertTrue(session.closed.await(60, TimeUnit.SECONDS));
            assertFalse(connection().decide("command:x").allowed());
            assertEquals("", client.restText());
        }
    }

    @Test
    void when_a_service_is_told_of_the_end_nothing_more_can_be_read_of_the_peer() throws Exception {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        server.access.allow(request -> request.action().equals(AccessRequest.CONNECT)
                || request.peer().groups().value().isPresent());
        server.offer(new ChannelOffer(connection -> {
            opened.complete(connection);
            return new Quiet() {
                @Override
                public void closed() {
                    late.complete(connection.decide("command:x").allowed());
                }
            };
        }));
        try (Client client = server.connect()) {
            connection().end();
            assertFalse(late.get(60, TimeUnit.SECONDS));
            assertEquals("", client.restText());
        }
    }
}
