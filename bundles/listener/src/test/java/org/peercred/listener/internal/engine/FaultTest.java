/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.channels.ChannelOffer;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;
import org.peercred.listener.internal.testing.WaitingChannel;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LineService;
import org.peercred.service.Replies;

/**
 * Everything that can fail is made to fail once, at every point in turn, while one client is answered much and reads nothing,
 * others send pieces of lines, go away or are turned away, and honest ones look at every byte they get.
 */
@Timeout(300)
class FaultTest {

    private static final String MUCH = "x".repeat(400_000);
    private static final int ENOUGH = 5000;
    private static final Duration SOON = Duration.ofMillis(5);

    /** Answers {@code much} with much that no honest client is ever sent, and every other line with itself. */
    private static final LineService SERVICE = connection -> (line, replies) -> {
        String text = StandardCharsets.US_ASCII.decode(line.duplicate()).toString();
        if (text.equals("much")) {
            replies.put(MUCH.getBytes(StandardCharsets.US_ASCII));
        } else if (text.equals("later")) {
            replies.defer().complete("late\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            replies.put((byte) '>').put((byte) ' ').put(line).put((byte) '\n');
        }
    };

    /** Answers {@code later} from another thread. */
    private static final LineService ELSEWHERE = connection -> (line, replies) -> {
        String text = StandardCharsets.US_ASCII.decode(line.duplicate()).toString();
        if (text.equals("later") || text.equals("much")) {
            Replies.Deferred late = replies.defer();
            String answer = text.equals("much") ? MUCH : "late\n";
            CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(() -> late.complete(answer.getBytes(StandardCharsets.US_ASCII)));
        } else {
            replies.put((byte) '>').put((byte) ' ').put(line).put((byte) '\n');
        }
    };

    private interface Attack {
        void on(Server server) throws Exception;
    }

    private final ThreadCount threads = new ThreadCount();
    private final Offer stream = new StreamOffer(
            connection -> {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(connection.input(), StandardCharsets.US_ASCII));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String answer = line.equals("much") ? MUCH : "> " + line + "\n";
                    connection.output().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            },
            threads);

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Offer channel = new ChannelOffer(WaitingChannel.service(pool, FaultTest::answer));

    private final Faults faults = new Faults();
    private final AtomicReference<String> ended = new AtomicReference<>();

    @Test
    void not_a_byte_reaches_another_whatever_allocation_call_or_service_throws() throws Exception {
        int points = sweep(Faults::throwing);
        assertTrue(points > 60, "Only " + points + " things could fail.");
    }

    @Test
    void not_a_byte_reaches_another_whatever_system_call_fails() throws Exception {
        int points = sweep(Faults::refusing);
        assertTrue(points > 60, "Only " + points + " things could fail.");
    }

    @Test
    void nothing_is_lost_or_mixed_up_with_late_answers_budget_revocation_and_idle_ends() throws Exception {
        int points = sweep(Faults::throwing, faults.offer(ELSEWHERE), server -> attackEnds(server, Budget.LEAST))
                + sweep(Faults::refusing, faults.offer(ELSEWHERE), server -> attackEnds(server, Budget.LEAST));
        assertTrue(points > 60, "Only " + points + " things could fail.");
    }

    @Test
    void nothing_is_lost_or_mixed_up_with_streams() throws Exception {
        int points = sweep(Faults::throwing, stream, server -> attackEnds(server, 1 << 20))
                + sweep(Faults::refusing, stream, server -> attackEnds(server, 1 << 20));
        assertTrue(points > 60, "Only " + points + " things could fail.");
        Awaitility.await().until(() -> threads.used() == 0);
    }

    @Test
    void nothing_is_lost_or_mixed_up_with_channels() throws Exception {
        int points = sweep(Faults::throwing, channel, server -> attackEnds(server, 1 << 20))
                + sweep(Faults::refusing, channel, server -> attackEnds(server, 1 << 20));
        assertTrue(points > 60, "Only " + points + " things could fail.");
        pool.shutdown();
        assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS), "a thread of the service waits in vain");
    }

    private static void answer(WaitingChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        while (channel.read(bytes.clear()) >= 0) {
            for (char next :
                    StandardCharsets.US_ASCII.decode(bytes.flip()).toString().toCharArray()) {
                if (next != '\n') {
                    line.append(next);
                    continue;
                }
                String answer = line.toString().equals("much") ? MUCH : "> " + line + "\n";
                channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                line.setLength(0);
            }
        }
    }

    /** Lets the first thing fail, then the second, until there is none left to fail; how many there were. */
    private int sweep(BiFunction<Faults, LibC, LibC> libc) throws Exception {
        return sweep(libc, faults.offer(SERVICE), FaultTest::attack);
    }

    private int sweep(BiFunction<Faults, LibC, LibC> libc, Offer offer, Attack attack) throws Exception {
        for (int which = 0; which < ENOUGH; which++) {
            if (!survives(which, libc.apply(faults, Server.LIBC), offer, attack)) {
                return which;
            }
        }
        throw new AssertionError("There is no end to what can fail.");
    }

    private boolean survives(int which, LibC libc, Offer offer, Attack attack) throws Exception {
        Budget budget = new Budget();
        int descriptors = ThisProcess.descriptors();
        boolean failed;
        try (Server server = new Server(
                new Resources(libc, faults.memory(), budget, (what, cause) -> ended.compareAndSet(null, what + cause)),
                "peer.exit",
                "close")) {
            server.provider(faults.provider(RealCredentials.provider()))
                    .accessControl(faults.accessControl(server.access))
                    .offer(offer);
            server.settle();
            faults.arm(which);
            attack.on(server);
            failed = faults.disarm();
            server.access.allowAll();
            try (Client honest = server.connect()) {
                assertEquals("> after all", honest.ask("after all"), "fault " + which);
            }
            Awaitility.await("fault " + which).pollInterval(SOON).until(() -> server.listener.open() == 0);
            Awaitility.await("bytes still counted after fault " + which)
                    .pollInterval(SOON)
                    .until(() -> budget.held() == 0);
        }
        assertNull(ended.get(), "fault " + which);
        Awaitility.await("descriptors after fault " + which)
                .pollInterval(SOON)
                .until(() -> ThisProcess.descriptors() <= descriptors);
        return failed;
    }

    private static void attack(Server server) throws Exception {
        try (Honest honest = new Honest(server.connect());
                Honest other = new Honest(server.connect());
                Client greedy = server.connect();
                Client slow = server.connect()) {
            honest.ask("one");
            quietly(() -> greedy.send("much\n"));
            other.ask("two");
            quietly(() -> slow.send("half a li"));
            honest.ask("three");
            quietly(() -> greedy.send("more\nmuch\n"));
            quietly(() -> slow.send("ne\n" + "y".repeat(5000)));
            other.ask("four");
            quietly(() -> slow.send("\nlater\n"));
            honest.ask("five");
            quietly(greedy::close);
            other.ask("six");
            server.access.denyAll();
            new Honest(server.connect()).close();
            server.access.allowAll();
            honest.ask("seven");
        }
    }

    /** One who is owed much is revoked, one is disconnected, one is idle, one is over the budget; each has others beside it. */
    private static void attackEnds(Server server, long limit) throws Exception {
        Client revoked = server.connect();
        Client disconnected = server.connect();
        Client idle = server.connect();
        Client debtor = server.connect();
        try (Honest honest = new Honest(server.connect())) {
            honest.ask("one");
            quietly(() -> revoked.send("much\nlater\n"));
            quietly(() -> disconnected.send("later\nhalf"));
            quietly(() -> idle.send("later\n"));
            honest.ask("two");
            for (ConnectionReport report : server.listener.connections()) {
                if (report.lines() == 1) {
                    server.listener.disconnect(report.id());
                    break;
                }
            }
            honest.ask("three");
            server.worker.budget.limit(limit, limit);
            quietly(() -> debtor.send("much\n"));
            server.settle();
            server.worker.budget.limit(Budget.defaultTotal(), Budget.defaultTotal());
        }
        server.access.denyAll();
        server.listener.recheck();
        server.settle();
        server.access.allowAll();
        Client last = server.connect();
        server.configure("idle.timeout", "1 ms");
        server.settle();
        for (Client client : List.of(revoked, disconnected, idle, debtor, last)) {
            quietly(client::close);
        }
        server.configure("idle.timeout", "0");
    }

    private interface Step {
        void take() throws IOException;
    }

    /** A client may be dropped by the fault; that is no failure. */
    private static void quietly(Step step) {
        try {
            step.take();
        } catch (IOException e) {
            assertTrue(true, e.toString());
        }
    }

    /** A client that looks at every byte it gets. What it may get is its answers, up to where a fault hit it, or a refusal. */
    private static final class Honest implements AutoCloseable {

        private final Client client;
        private final StringBuilder expected = new StringBuilder();
        private final StringBuilder got = new StringBuilder();

        Honest(Client client) {
            this.client = client;
        }

        void ask(String line) {
            quietly(() -> {
                client.send(line + "\n");
                expected.append("> ").append(line).append('\n');
                got.append(client.upTo(expected.length() - got.length()));
            });
            check();
        }

        @Override
        public void close() throws IOException {
            quietly(() -> got.append(client.halfClose().restText()));
            check();
            client.close();
        }

        private void check() {
            String text = got.toString();
            boolean refused = "Service unavailable\n".startsWith(text) || "Unauthorized access\n".startsWith(text);
            assertTrue(refused || expected.toString().startsWith(text), "A client was sent: " + text);
        }
    }
}
