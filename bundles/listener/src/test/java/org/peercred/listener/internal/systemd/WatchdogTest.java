/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.example.slow.Sleeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Server;

@Timeout(120)
class WatchdogTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String NAMED = "Event loop test-loop has not come to its next turn for ";

    private final AtomicInteger fed = new AtomicInteger();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final List<EventLoop> loops = new ArrayList<>();
    private final Watchdog watchdog = new Watchdog(TIMEOUT, () -> loops, fed::incrementAndGet, clock::get);
    private Server server;
    private LogFile log;

    @BeforeEach
    void start() throws Exception {
        log = new LogFile();
        server = new Server();
        loops.add(server.loop);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void looks_four_times_within_the_time_of_systemd() {
        assertEquals(Duration.ofSeconds(5), watchdog.period());
    }

    @Test
    void is_fed_once_for_each_turn_that_was_asked_for_and_not_before() throws Exception {
        watchdog.look();
        assertEquals(0, fed.get());
        for (int i = 1; i <= 5; i++) {
            server.settle();
            watchdog.look();
            assertEquals(i, fed.get());
        }
    }

    @Test
    void a_loop_that_hangs_is_named_once_after_half_the_time_and_starves_the_watchdog() throws Exception {
        watchdog.look();
        CountDownLatch held = server.hold();
        watchdog.look();
        assertEquals(1, fed.get(), "it came to a turn before it hung");
        look(9_999);
        assertEquals(0, log.count(NAMED));
        look(1);
        assertEquals(
                1,
                log.count(NAMED
                        + "10000 ms: it is at a task of its own. systemd hears nothing more of this process until it does, and ends"
                        + " it after 20000 ms."));
        look(5000);
        look(5000);
        assertEquals(1, log.count(NAMED));
        assertEquals(1, fed.get());
        held.countDown();
        server.settle();
        watchdog.look();
        assertEquals(2, fed.get());
        assertEquals(1, log.count("Event loop test-loop goes on, after 20000 ms."));
    }

    @Test
    void a_service_that_blocks_a_loop_is_named_with_its_connection() throws Exception {
        Sleeper sleeper = new Sleeper();
        server.offer(sleeper);
        try (Client client = server.connect()) {
            watchdog.look();
            server.settle();
            client.send("x\n");
            assertTrue(sleeper.asleep.await(60, TimeUnit.SECONDS));
            watchdog.look();
            look(10_000);
            String line = log.text()
                    .lines()
                    .filter(text -> text.contains(NAMED))
                    .findFirst()
                    .orElseThrow();
            assertTrue(
                    line.matches(
                            ".*: it is at connection [0-9]+ of listener test, service org\\.example\\.slow\\.Sleeper, in"
                                    + " org\\.example\\.slow\\.Sleeper\\.[^ ]+:[0-9]+\\. systemd .*"),
                    line);
            sleeper.wake.countDown();
            assertEquals("", client.line());
            server.settle();
            watchdog.look();
            assertEquals(2, fed.get());
        } finally {
            sleeper.wake.countDown();
        }
    }

    @Test
    void one_of_two_loops_that_hangs_is_enough() throws Exception {
        try (Server second = new Server()) {
            loops.add(second.loop);
            watchdog.look();
            second.settle();
            server.settle();
            watchdog.look();
            assertEquals(1, fed.get());
            CountDownLatch held = second.hold();
            server.settle();
            watchdog.look();
            server.settle();
            look(10_000);
            int before = fed.get();
            look(5000);
            assertEquals(before, fed.get());
            held.countDown();
        }
    }

    @Test
    void a_loop_that_is_new_has_to_come_to_a_turn_first() throws Exception {
        watchdog.look();
        server.settle();
        watchdog.look();
        try (Server second = new Server()) {
            loops.add(second.loop);
            server.settle();
            watchdog.look();
            assertEquals(1, fed.get());
            second.settle();
            server.settle();
            watchdog.look();
            assertEquals(2, fed.get());
        }
    }

    @Test
    void a_loop_that_has_ended_is_forgotten() throws Exception {
        try (Server second = new Server()) {
            loops.add(second.loop);
            watchdog.look();
            second.settle();
            server.settle();
            loops.remove(second.loop);
            watchdog.look();
            assertEquals(1, fed.get());
            loops.add(second.loop);
            server.settle();
            watchdog.look();
            assertEquals(1, fed.get(), "as new as any other");
        }
    }

    private void look(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        watchdog.look();
    }
}
