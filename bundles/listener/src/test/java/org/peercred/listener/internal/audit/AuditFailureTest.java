/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.listener.internal.audit.file.FileLog;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.ThisProcess;

/** Nothing that goes wrong ends the audit, and what could not be written is counted. */
@Timeout(120)
class AuditFailureTest {

    /** Where memory runs out. */
    private enum Point {
        CLOCK_OF_THE_WRITER,
        LOG,
        FOLLOWER
    }

    private final UserNames names = new UserNames();
    private final Log log = new Log();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Point broken;

    @AfterEach
    void stop() {
        names.close();
    }

    /** Remembers lines, until it fails. */
    private final class Log implements LineLog {
        private final List<String> lines = new ArrayList<>();

        @Override
        public boolean wants(boolean warning) {
            return true;
        }

        @Override
        public void write(boolean warning, String line) {
            failAt(Point.LOG);
            synchronized (this) {
                lines.add((warning ? "WARN " : "INFO ") + line);
            }
        }

        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        long with(String text) {
            return lines().stream().filter(line -> line.contains(text)).count();
        }
    }

    private void failAt(Point point) {
        if (broken == point) {
            failures.incrementAndGet();
            throw new OutOfMemoryError("injected");
        }
    }

    /** How many events are said to be lost. */
    private long lost() {
        return Lines.count(log.lines().stream()
                .filter(line -> line.startsWith("WARN event=lost "))
                .toList());
    }

    private static boolean isWriter() {
        return Thread.currentThread().getName().equals("peercred-audit");
    }

    private Audit audit() {
        LongSupplier clock = () -> {
            if (isWriter()) {
                failAt(Point.CLOCK_OF_THE_WRITER);
            }
            return System.nanoTime();
        };
        return new Audit(names, log, new FileLog(), clock);
    }

    private static void soon(BooleanSupplier condition) {
        Awaitility.await().pollInterval(5, TimeUnit.MILLISECONDS).until(condition::getAsBoolean);
    }

    @ParameterizedTest
    @EnumSource(Point.class)
    void goes_on_when_memory_has_run_out(Point point) {
        try (Audit audit = audit();
                AuditLog.Subscription subscription = audit.follow((event, line) -> failAt(Point.FOLLOWER))) {
            broken = point;
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "first"));
            soon(() -> failures.get() > 0);
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "meanwhile"));
            broken = null;
            soon(() -> !audit.isBehind());
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "afterwards"));
            soon(() -> log.with("afterwards") == 1);
            soon(() -> lost() + log.with("event=allowed") == 3);
            assertEquals(point == Point.LOG, lost() > 0);
            assertTrue(subscription != null);
        }
    }

    @Test
    void counts_what_was_lost_just_before_it_is_closed() {
        // By a clock that stands, it is always too soon to say so once more.
        Audit audit = new Audit(names, log, new FileLog(), () -> 0);
        try (audit) {
            broken = Point.LOG;
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "lost"));
            soon(() -> failures.get() >= 2);
            broken = null;
        }
        assertEquals(1, lost());
    }

    @Test
    void counts_what_is_not_written_since_a_follower_hangs_when_it_is_closed() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        LogFile file = new LogFile();
        Audit audit = audit();
        try (audit;
                AuditLog.Subscription subscription = audit.follow((event, line) -> awaitEnd(end))) {
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "written"));
            soon(() -> log.with("written") == 1);
            for (int i = 0; i < 5; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "queued"));
                audit.record(Events.denied(2, "owner", "folded"));
            }
            assertTrue(subscription != null);
        }
        assertEquals(
                1,
                file.count("The audit ends before its writer does, since it waits for "
                        + getClass().getName() + ": 10 events are not written."));
        end.countDown();
        soon(() -> ThisProcess.threads("peercred-audit").isEmpty());
        assertEquals(11, Lines.count(log.lines()));
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            assertTrue(end.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void lets_nobody_in_while_the_writer_is_down() {
        try (Audit audit = audit()) {
            assertFalse(audit.isBehind());
            broken = Point.CLOCK_OF_THE_WRITER;
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            soon(audit::isBehind);
            // Each time that it is started again it is up for a moment.
            soon(() -> audit.whyBehind().equals(Optional.of("The audit's writer is down; it is started again.")));
            broken = null;
            soon(() -> !audit.isBehind());
            soon(() -> log.with("event=allowed") == 1);
            assertTrue(audit.whyBehind().isEmpty());
        }
    }

    @Test
    void counts_what_could_not_be_written_as_soon_as_something_can_be() {
        try (Audit audit = audit()) {
            broken = Point.LOG;
            for (int i = 0; i < 1000; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            }
            soon(() -> failures.get() >= 1000);
            broken = null;
            soon(() -> log.with("event=lost") == 1);
            assertEquals(
                    "WARN event=lost listener=- connection=0 uid=4294967295 user=- gid=4294967295 pid=- action=-"
                            + " reason=\"not written: java.lang.OutOfMemoryError: injected\" count=1000",
                    log.lines().get(0));
            AuditEvent lost = audit.latest().get(audit.latest().size() - 1).event();
            assertEquals(AuditEvent.Type.LOST, lost.type());
        }
    }

    @Test
    void counts_the_folded_ones_that_could_not_be_written() {
        AtomicLong now = new AtomicLong();
        Audit audit = new Audit(names, log, new FileLog(), now::get);
        try {
            for (int i = 0; i < 100; i++) {
                audit.record(Events.denied(1001, "owner", "no"));
            }
            soon(() -> log.with("event=denied") == 1);
            broken = Point.LOG;
            now.set(TimeUnit.SECONDS.toNanos(2));
            soon(() -> failures.get() > 0);
            broken = null;
            now.set(TimeUnit.SECONDS.toNanos(20));
            soon(() -> log.with("event=lost") == 1);
        } finally {
            audit.close();
        }
        assertEquals(100, Lines.count(log.lines()));
    }

    @Test
    void never_throws_where_there_is_no_memory_to_take_an_event() {
        AtomicInteger calls = new AtomicInteger();
        LongSupplier clock = () -> {
            if (!isWriter() && calls.incrementAndGet() == 3) {
                throw new OutOfMemoryError("injected");
            }
            return System.nanoTime();
        };
        try (Audit audit = new Audit(names, log, new FileLog(), clock)) {
            while (calls.get() < 4) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            }
            soon(() -> log.with("event=lost") == 1);
            assertEquals(1, log.with(" count=1"));
        }
    }

    @Test
    void hands_on_what_could_not_be_written_all_the_same() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        try (Audit audit = audit();
                AuditLog.Subscription subscription = audit.follow((event, line) -> heard.add(line))) {
            broken = Point.LOG;
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            soon(() -> heard.size() == 1);
            assertTrue(subscription != null);
            broken = null;
        }
    }

    @Test
    void a_follower_that_hangs_holds_everything_up_and_is_named() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Audit audit = audit();
                AuditLog.Subscription subscription = audit.follow((event, line) -> {
                    try {
                        assertTrue(goOn.await(60, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })) {
            while (!audit.isBehind()) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            }
            assertTrue(audit.isBehind(1));
            assertFalse(audit.isBehind(2));
            String expected = "\\d+ audit events wait to be written; the writer has written nothing for \\d+ ms,"
                    + " since it waits for " + AuditFailureTest.class.getName() + "\\.";
            soon(() -> audit.whyBehind().orElse("").matches(expected));
            goOn.countDown();
            soon(() -> !audit.isBehind());
            assertTrue(subscription != null);
        }
    }

    @Test
    void an_interrupt_that_a_follower_leaves_behind_does_not_keep_the_writer_awake() {
        try (Audit audit = audit();
                AuditLog.Subscription subscription =
                        audit.follow((event, line) -> Thread.currentThread().interrupt())) {
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
            soon(() -> log.with("event=allowed") == 1);
            Thread writer = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("peercred-audit"))
                    .findFirst()
                    .orElseThrow();
            soon(() -> writer.getState() == Thread.State.WAITING && !writer.isInterrupted());
            assertTrue(subscription != null);
        }
    }

    @Test
    void keeps_little_in_memory_whatever_the_lines_are_like() {
        try (Audit audit = audit()) {
            audit.sizePerUid(0);
            String controls = "\u0001".repeat(100_000);
            for (int i = 0; i < 2000; i++) {
                while (audit.isBehind(1)) {
                    Thread.onSpinWait();
                }
                audit.record(Events.withArguments(1, controls, "ok", controls));
            }
            soon(() -> log.lines().size() == 2000);
            long characters = audit.latest().stream()
                    .mapToLong(entry -> entry.line().length() + Texts.length(entry.event()))
                    .sum();
            assertTrue(2 * characters <= AuditRing.MOST_WEIGHT, characters + " characters");
            assertTrue(audit.latest().size() > 100);
        }
    }
}
