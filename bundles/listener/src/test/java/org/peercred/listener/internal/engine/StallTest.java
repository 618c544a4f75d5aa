/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.listener.internal.channels.ChannelOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Users;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.LineSession;

/** A service whose every line is an event, and an audit that comes to a halt. */
@Timeout(120)
class StallTest {

    private static final long GREEDY = 1001;
    private static final long HONEST = 1002;
    private static final int LINES = 20_000;

    private static final Decision GRANT = new Decision(true, Optional.of("fake"), "why", 0);

    private final AtomicLong greedyLines = new AtomicLong();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private Server server;
    private Users users;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        server.audit.sizePerUid(0);
        users = new Users(server);
        server.offer(connection -> session(connection.id(), connection.peer().uid()));
        server.audit.follow((event, line) -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        server.close();
    }

    private LineSession session(long id, long uid) {
        return (line, replies) -> {
            if (uid == GREEDY) {
                greedyLines.incrementAndGet();
                server.audit.record(new AuditEvent(
                        Instant.now(),
                        AuditEvent.Type.COMMAND,
                        "test",
                        id,
                        uid,
                        uid,
                        OptionalInt.empty(),
                        AccessRequest.command("x"),
                        Optional.empty(),
                        "why",
                        Map.of("result", "ok")));
            }
            replies.put(line).put((byte) '\n');
        };
    }

    @Test
    void who_floods_the_audit_waits_for_it_alone_and_loses_nothing() throws Exception {
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            sent.append(i).append('\n');
        }
        try (Client greedy = users.connect(GREEDY);
                Client honest = users.connect(HONEST)) {
            greedy.sendAsMuchAsPossible(sent.toString().getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> server.audit.isBehind(GREEDY));
            Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> greedyLines.get() < LINES / 2);
            assertEquals("one", honest.ask("one"));
            assertFalse(server.audit.isBehind(), "accepting waits for one user's events");
            try (Client late = users.connect(HONEST);
                    Client also = users.connect(GREEDY)) {
                assertEquals("two", late.ask("two"));
                also.send("x\n");
                Awaitility.await().during(100, TimeUnit.MILLISECONDS).until(() -> !also.hasNews());
                goOn.countDown();
                assertEquals("x", also.line());
            }
            for (int i = 0; i < LINES; i++) {
                assertEquals(Integer.toString(i), greedy.line());
            }
        }
    }

    @Test
    void a_channel_is_held_back_too_and_told_when_it_may_go_on() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        server.offer(new ChannelOffer(WaitingChannel.service(pool, channel -> {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            while (channel.read(bytes.clear()) >= 0) {
                if (channel.connection.peer().uid() == GREEDY) {
                    greedyLines.addAndGet(bytes.position());
                    for (int i = 0; i < bytes.position(); i++) {
                        channel.connection.audit(AccessRequest.command("x"), GRANT, Map.of());
                    }
                }
                channel.write(bytes.flip());
            }
        })));
        try (Client greedy = users.connect(GREEDY);
                Client honest = users.connect(HONEST)) {
            greedy.send(new byte[LINES]);
            Awaitility.await().until(() -> server.audit.isBehind(GREEDY));
            Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> greedyLines.get() < LINES / 2);
            assertEquals("one", honest.ask("one"));
            goOn.countDown();
            assertEquals(LINES, greedy.receive(LINES).length);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void a_channel_that_its_service_ends_ends_while_the_audit_is_behind() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        server.offer(new ChannelOffer(WaitingChannel.service(pool, channel -> {
            channel.read(ByteBuffer.allocate(1));
            while (!server.audit.isBehind(GREEDY)) {
                channel.connection.audit(AccessRequest.command("x"), GRANT, Map.of());
            }
            channel.write(ByteBuffer.wrap("done".getBytes(StandardCharsets.US_ASCII)));
        })));
        try (Client greedy = users.connect(GREEDY)) {
            greedy.send("x");
            assertEquals("done", greedy.restText());
            assertTrue(server.audit.isBehind(GREEDY), "it waited for the audit");
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void who_leaves_while_it_waits_is_forgotten_afterwards() throws Exception {
        try (Client greedy = users.connect(GREEDY)) {
            greedy.sendAsMuchAsPossible("x\n".repeat(LINES).getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> server.audit.isBehind(GREEDY));
            users.connect(GREEDY).leave();
        }
        assertTrue(server.listener.open() > 0);
        goOn.countDown();
        Awaitility.await().until(() -> server.listener.open() == 0);
    }

    @Test
    void who_waits_for_the_audit_is_not_idle() throws Exception {
        try (Client greedy = users.connect(GREEDY)) {
            greedy.sendAsMuchAsPossible("x\n".repeat(LINES).getBytes(StandardCharsets.US_ASCII));
            Awaitility.await().until(() -> server.audit.isBehind(GREEDY));
            try (Client also = users.connect(GREEDY)) {
                also.send("y\n");
                server.configure("idle.timeout", "150 ms");
                Awaitility.await().during(600, TimeUnit.MILLISECONDS).until(() -> server.listener.open() == 2);
                goOn.countDown();
                assertEquals("y", also.line());
            }
        }
    }
}
