/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Users;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.ListenerReport;

/** Counts lines and not time: how many of others are served before an answer comes, whatever else the machine does. */
@Timeout(300)
class TurnsTest {

    private static final long GREEDY = 1001;
    private static final long HONEST = 1002;
    private static final long LINE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final int ASKED = 20;

    /** Lines of the greedy, or decisions about strangers. */
    private final AtomicLong ofOthers = new AtomicLong();
    /** How many there had been when the latest honest line had its turn. */
    private final AtomicLong before = new AtomicLong();

    /** A greedy line takes as much time as one of a service that looks something up, and is not answered. */
    private final LineService service = connection -> (line, replies) -> {
        if (connection.peer().uid() == GREEDY) {
            ofOthers.incrementAndGet();
            spin(LINE_NANOS);
        } else {
            before.set(ofOthers.get());
            replies.put(line).put((byte) '\n');
        }
    };

    private static void spin(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** From when a line has been sent until its turn comes: how late this thread hears of that does not matter. */
    private long servedMeanwhile(Client honest, int asked) throws Exception {
        long served = 0;
        for (int i = 0; i < asked; i++) {
            honest.send("x" + i + "\n");
            long sent = ofOthers.get();
            assertEquals("x" + i, honest.line());
            served += Math.max(0, before.get() - sent);
        }
        return served;
    }

    @Test
    void many_connections_of_one_user_do_not_keep_another_waiting() throws Exception {
        try (Server server = new Server("max.connections.per.uid", "1000").offer(service)) {
            Users users = new Users(server);
            List<Client> greedy = new ArrayList<>();
            try (Client honest = users.connect(HONEST)) {
                for (int i = 0; i < 200; i++) {
                    greedy.add(users.connect(GREEDY));
                }
                for (Client client : greedy) {
                    client.sendAsMuchAsPossible("\n".repeat(1000).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
                Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> ofOthers.get() > 0);
                long served = servedMeanwhile(honest, ASKED);
                // A turn is over after half a millisecond, 25 lines, and looked at every 64 lines.
                assertTrue(served < ASKED * 1000, served + " lines of another user before " + ASKED + " answers");
                assertTrue(ofOthers.get() < 200_000, "it was over before it was measured");
                Awaitility.await().atMost(100, TimeUnit.SECONDS).until(() -> ofOthers.get() == 200_000);
            } finally {
                for (Client client : greedy) {
                    client.close();
                }
            }
        }
    }

    @Test
    void many_lines_of_one_read_do_not_keep_another_waiting() throws Exception {
        try (Server server = new Server().offer(service)) {
            Users users = new Users(server);
            try (Client honest = users.connect(HONEST);
                    Client greedy = users.connect(GREEDY)) {
                greedy.send("\n".repeat(60_000));
                Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> ofOthers.get() > 0);
                long served = servedMeanwhile(honest, ASKED);
                assertTrue(served < ASKED * 500, served + " lines of another user before " + ASKED + " answers");
                Awaitility.await().until(() -> ofOthers.get() == 60_000);
            }
        }
    }

    /** Holds the loop until all have connected: they are accepted at once, in this order. */
    private void inBacklog(Server server, Callable<Void> connects) throws Exception {
        CountDownLatch held = server.hold();
        try {
            connects.call();
        } finally {
            held.countDown();
        }
    }

    @Test
    void many_of_one_user_in_the_backlog_who_have_sent_much_do_not_keep_another_outside() throws Exception {
        try (Server server = new Server().offer(service)) {
            AtomicLong accepted = new AtomicLong();
            new Users(server).accepted(() -> accepted.incrementAndGet() <= 300 ? GREEDY : HONEST);
            List<Client> clients = new ArrayList<>();
            try {
                inBacklog(server, () -> {
                    for (int i = 0; i < 300; i++) {
                        clients.add(server.connect().send("\n".repeat(500)));
                    }
                    clients.add(server.connect().send("x\n"));
                    return null;
                });
                assertEquals("x", clients.get(300).line());
                long served = before.get();
                // Those that were accepted before it wait for their user's turn, all but the first of each round.
                assertTrue(served < 10_000, served + " lines of another user before a first answer");
                Awaitility.await().atMost(100, TimeUnit.SECONDS).until(() -> ofOthers.get() == 150_000);
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void many_of_one_user_in_the_backlog_who_are_gone_when_they_are_answered_do_not_keep_another_outside()
            throws Exception {
        int greedy = 900;
        LineService ending = connection -> {
            LineSession session = service.open(connection);
            return (line, replies) -> {
                session.line(line, replies);
                if (connection.peer().uid() == GREEDY) {
                    spin(20 * LINE_NANOS);
                    replies.put(line).put((byte) '\n');
                }
            };
        };
        try (Server server = new Server("max.connections.per.uid", "1000").offer(ending)) {
            AtomicLong accepted = new AtomicLong();
            new Users(server).accepted(() -> accepted.incrementAndGet() <= greedy ? GREEDY : HONEST);
            AtomicReference<Client> honest = new AtomicReference<>();
            try {
                inBacklog(server, () -> {
                    for (int i = 0; i < greedy; i++) {
                        server.connect().send("\n").close();
                    }
                    honest.set(server.connect().send("x\n"));
                    return null;
                });
                assertEquals("x", honest.get().line());
                long served = before.get();
                // What one of them took of the round is not forgotten with it: the next waits.
                assertTrue(served < greedy / 2, served + " of another user before a first answer");
                Awaitility.await().atMost(100, TimeUnit.SECONDS).until(() -> ofOthers.get() == greedy);
            } finally {
                honest.get().close();
            }
        }
    }

    @Test
    void who_is_not_allowed_any_more_when_its_first_turn_comes_is_denied_and_served_nothing() throws Exception {
        AtomicLong lines = new AtomicLong();
        try (Server server = new Server()) {
            // The first takes more than its share, so that the others have to wait; the second is the reason for a
            // change.
            server.offer(connection -> (line, replies) -> {
                if (lines.incrementAndGet() == 2) {
                    server.access.denyAll();
                    server.listener.recheck();
                }
                spin(100 * LINE_NANOS);
            });
            List<Client> clients = new ArrayList<>();
            try {
                inBacklog(server, () -> {
                    for (int i = 0; i < 50; i++) {
                        clients.add(server.connect().send("x\n"));
                    }
                    return null;
                });
                for (Client client : clients) {
                    assertEquals("Unauthorized access\n", client.restText());
                }
                assertEquals(2, lines.get());
                Awaitility.await().until(() -> server.listener.open() == 0);
                ListenerReport.Counters counted =
                        server.listener.report("", true, Optional.empty()).counters();
                assertEquals(2, counted.allowed());
                assertEquals(48, counted.denied());
                Awaitility.await()
                        .until(() -> server.events(AuditEvent.Type.REVOKED).size() == 2);
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
        }
    }

    @Test
    void lines_left_for_another_turn_are_answered_in_order_with_what_comes_later() throws Exception {
        try (Server server = new Server().offer(connection -> (line, replies) -> {
            spin(LINE_NANOS);
            replies.put(line).put((byte) '\n');
        })) {
            try (Client client = server.connect()) {
                StringBuilder sent = new StringBuilder();
                for (int i = 0; i < 5000; i++) {
                    sent.append(i).append('\n');
                }
                String all = sent.toString();
                client.send(all.substring(0, 7001)).send(all.substring(7001)).halfClose();
                assertEquals(all, client.restText());
            }
        }
    }

    @Test
    void who_is_answered_for_longer_than_the_idle_timeout_is_not_idle() throws Exception {
        try (Server server = new Server().offer(service)) {
            Users users = new Users(server);
            try (Client first = users.connect(GREEDY);
                    Client second = users.connect(GREEDY)) {
                first.send("\n".repeat(20_000)).halfClose();
                second.send("\n".repeat(20_000)).halfClose();
                server.configure("idle.timeout", "150 ms");
                assertEquals("", first.restText());
                assertEquals("", second.restText());
                assertEquals(40_000, ofOthers.get());
            }
        }
    }

    @Test
    void who_had_to_wait_for_the_turn_in_which_nothing_is_left_is_not_idle() throws Exception {
        long timeout = TimeUnit.SECONDS.toNanos(1);
        AtomicLong lines = new AtomicLong();
        LineService slow = connection -> (line, replies) -> {
            if (line.hasRemaining()) {
                replies.put(line).put((byte) '\n');
            } else if (lines.getAndIncrement() == 0) {
                long until = System.nanoTime() + timeout + timeout / 2;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        };
        try (Server server = new Server("idle.timeout", "1 s").offer(slow);
                Client client = server.connect()) {
            // So many that the last of them are left for the next turn.
            client.send("\n".repeat(100));
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> lines.get() == 100);
            assertEquals("x", client.ask("x"));
        }
    }

    @Test
    void a_crowd_about_which_it_takes_long_to_decide_keeps_nobody_waiting() throws Exception {
        try (Server server = new Server().offer(service)) {
            Users users = new Users(server);
            try (Client honest = users.connect(HONEST)) {
                server.access.allow(request -> {
                    ofOthers.incrementAndGet();
                    spin(100 * LINE_NANOS);
                    return false;
                });
                List<Client> crowd = new ArrayList<>();
                try {
                    for (int i = 0; i < 500; i++) {
                        crowd.add(server.connect());
                    }
                    long meanwhile = servedMeanwhile(honest, 5);
                    assertTrue(meanwhile < 60, meanwhile + " strangers before 5 answers");
                } finally {
                    for (Client client : crowd) {
                        client.close();
                    }
                }
            }
        }
    }
}
