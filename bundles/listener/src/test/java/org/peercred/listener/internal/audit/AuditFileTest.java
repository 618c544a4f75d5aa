/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.listener.internal.audit.file.FailingDisk;
import org.peercred.listener.internal.audit.file.FileLogs;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.LogLevel;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.service.AuditReport;

/** Events in the audit's own file. */
@Timeout(120)
class AuditFileTest {

    private final FailingDisk disk = new FailingDisk();
    private final UserNames names = new UserNames();
    private Audit audit;
    private Path directory;
    private Path path;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
        path = directory.resolve("audit.log");
        audit = new Audit(names, LineLog.of(Audit.LOGGER), FileLogs.on(disk), System::nanoTime);
        use(false, false, AuditSettings.EVENTS);
        soon(() -> Files.exists(path));
    }

    @AfterEach
    void stop() throws Exception {
        disk.room(Long.MAX_VALUE);
        disk.answer();
        audit.close();
        names.close();
        Temporary.delete(directory);
    }

    private void use(boolean pauses, boolean json, Set<AuditEvent.Type> events) {
        audit.use(new AuditSettings(new FileSettings(path, 0, 1, pauses), json, events, 0));
    }

    private static void soon(BooleanSupplier condition) {
        Awaitility.await().pollInterval(5, TimeUnit.MILLISECONDS).until(condition::getAsBoolean);
    }

    private void record(int times, String reason) {
        for (int i = 0; i < times; i++) {
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, reason));
        }
    }

    private List<String> lines() {
        try {
            return Files.exists(path) ? Files.readAllLines(path) : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private long with(String text) {
        return lines().stream().filter(line -> line.contains(text)).count();
    }

    @Test
    void a_line_has_its_time_its_level_and_what_the_logger_has() {
        audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "x"));
        audit.record(Events.denied(1, "owner", "no"));
        soon(() -> lines().size() == 2);
        String time = "(1970-01-01|1969-12-31)T\\d\\d:\\d\\d:00\\.000[+-]\\d\\d:\\d\\d ";
        assertTrue(lines().get(0).matches(time + "INFO  event=allowed listener=echo .* reason=x"), lines().get(0));
        assertTrue(lines().get(1).matches(time + "WARN  event=denied listener=echo .* reason=no"), lines().get(1));
    }

    @Test
    void is_written_and_shown_whatever_the_logger_is_set_to() throws Exception {
        try (LogLevel off = LogLevel.off(Audit.LOGGER)) {
            assertTrue(audit.wants(AuditEvent.Type.ALLOWED));
            record(10, "x");
            soon(() -> with("event=allowed") == 10);
            assertEquals(10, audit.latest().size());
            assertTrue(off != null);
        }
    }

    @Test
    void a_logger_that_fails_loses_nothing() {
        audit.close();
        LineLog broken = new LineLog() {
            @Override
            public boolean wants(boolean warning) {
                return true;
            }

            @Override
            public void write(boolean warning, String line) {
                throw new IllegalStateException("no room for a log");
            }
        };
        audit = new Audit(names, broken, FileLogs.on(disk), System::nanoTime);
        use(false, false, AuditSettings.EVENTS);
        record(10, "x");
        soon(() -> with("event=allowed") == 10);
        assertEquals(0, with("event=lost"));
    }

    @Test
    void only_the_events_that_are_asked_for_are_kept_and_who_follows_hears_all() {
        use(false, false, Set.of(AuditEvent.Type.DENIED));
        assertTrue(audit.wants(AuditEvent.Type.DENIED));
        assertFalse(audit.wants(AuditEvent.Type.ALLOWED));
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        record(1, "nobody hears");
        try (AuditLog.Subscription subscription = audit.follow((event, line) -> heard.add(line))) {
            assertTrue(audit.wants(AuditEvent.Type.ALLOWED));
            record(1, "heard");
            audit.record(Events.denied(1, "owner", "no"));
            soon(() -> heard.size() == 2);
            assertTrue(subscription != null);
        }
        assertEquals(1, audit.latest().size());
        assertEquals(1, lines().size());
    }

    @Test
    void in_json_a_line_is_an_object_and_no_key_of_a_service_passes_for_another() {
        use(false, true, AuditSettings.EVENTS);
        audit.record(Events.with("a\"b\\c\n\u0007\u00fc", Map.of("uid", "0", "k\"", "v")));
        soon(() -> lines().size() == 1);
        String text = "\"a\\\"b\\\\c\\u000a\\u0007\u00fc\"";
        String line = lines().get(0);
        assertEquals(
                "\"level\":\"WARN\",\"event\":\"denied\",\"listener\":" + text
                        + ",\"connection\":17,\"uid\":1001,\"user\":null,\"gid\":1001,\"pid\":null,\"action\":" + text
                        + ",\"policy\":" + text + ",\"details\":{\"k\\\"\":\"v\",\"uid\":\"0\"},\"reason\":" + text
                        + "}",
                line.substring(line.indexOf("\"level\"")));
        assertTrue(line.startsWith("{\"time\":\"19"), line);
    }

    @Test
    void counts_what_a_full_disk_cost_as_soon_as_there_is_room() throws Exception {
        LogFile said = new LogFile();
        record(10, "before");
        soon(() -> with("before") == 10);
        disk.room(100);
        record(5000, "meanwhile");
        soon(() -> audit.latest().size() == 1000);
        assertFalse(audit.isBehind());
        disk.room(Long.MAX_VALUE);
        soon(() -> with("event=lost") > 0);
        record(1, "after");
        soon(() -> with("after") == 1);
        List<String> all = lines();
        assertEquals(5011, Lines.count(all), "every event is written, or counted");
        assertTrue(all.stream().allMatch(line -> line.matches("\\S+ (INFO|WARN)  event=.*")));
        String lost = all.stream()
                .filter(line -> line.contains("event=lost"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                lost.contains(" reason=\"not written: " + path + ": No space left on device (ENOSPC)\" count="), lost);
        long gone = all.stream()
                .filter(line -> line.contains("event=lost"))
                .mapToLong(Lines::count)
                .sum();
        soon(() -> audit.report().equals(new AuditReport(5011 - gone, gone, false)));
        assertEquals(1, said.count("The audit cannot be written to " + path + ": No space left on device (ENOSPC). "));
        assertEquals(1, said.count("The audit is written again to " + path), said.text());
    }

    @Test
    void lets_nobody_in_and_loses_nothing_where_it_is_to_pause() {
        use(true, false, AuditSettings.EVENTS);
        record(10, "before");
        soon(() -> with("before") == 10);
        assertFalse(audit.isBehind());
        disk.room(100);
        record(1, "meanwhile");
        soon(audit::isBehind);
        record(4999, "meanwhile");
        assertEquals(
                "The audit waits, since it cannot be written to " + path + ": No space left on device (ENOSPC).",
                audit.whyBehind().orElse(""));
        disk.room(Long.MAX_VALUE);
        soon(() -> with("meanwhile") == 5000);
        soon(() -> !audit.isBehind());
        assertEquals(0, with("event=lost"));
    }

    @Test
    void does_not_pause_any_more_once_the_settings_say_so() {
        use(true, false, AuditSettings.EVENTS);
        disk.room(0);
        record(5000, "x");
        soon(audit::isBehind);
        use(false, false, AuditSettings.EVENTS);
        soon(() -> !audit.isBehind());
        disk.room(Long.MAX_VALUE);
        soon(() -> Lines.count(lines()) == 5000);
        assertTrue(with("event=lost") > 0);
    }

    @Test
    void says_how_many_events_are_not_written_when_it_ends_on_a_full_disk() throws Exception {
        LogFile said = new LogFile();
        use(true, false, AuditSettings.EVENTS);
        disk.room(0);
        record(5000, "x");
        soon(audit::isBehind);
        audit.close();
        assertEquals(
                1,
                said.count("The audit ends, and 5000 events are not written, since it waits for " + path),
                said.text());
    }

    @Test
    void a_disk_that_hangs_stops_accepting_for_a_while_and_then_nobody_any_more() {
        disk.hang();
        int events = 0;
        while (!audit.isBehind()) {
            record(1, "x");
            events++;
        }
        assertTrue(audit.isBehind(1));
        soon(() -> !audit.isBehind() && !audit.isBehind(1));
        record(100_000, "x");
        disk.answer();
        int expected = events + 100_000;
        soon(() -> Lines.count(lines()) == expected);
        assertTrue(with("more events than can be written: the rest is counted") > 0);
    }

    @Test
    void moves_to_another_file_while_it_writes_and_loses_nothing() {
        Path first = path;
        Path other = directory.resolve("other.log");
        for (int i = 0; i < 20; i++) {
            path = i % 2 == 0 ? other : first;
            use(false, false, AuditSettings.EVENTS);
            record(100, "x");
        }
        soon(() -> {
            List<String> all = new ArrayList<>(lines());
            path = path.equals(first) ? other : first;
            all.addAll(lines());
            return all.size() == 2000;
        });
    }

    @Test
    void writes_many_lines_in_one_call_and_all_of_them_before_it_closes() throws Exception {
        try (LogLevel off = LogLevel.off(Audit.LOGGER)) {
            disk.hang();
            record(5000, "x");
            disk.answer();
            audit.close();
            assertEquals(5000, lines().size());
            assertTrue(disk.writes.get() < 500, disk.writes + " calls");
            assertTrue(off != null);
        }
    }

    @Test
    void has_a_line_before_anybody_else_hears_of_it() {
        Queue<Long> written = new ConcurrentLinkedQueue<>();
        try (AuditLog.Subscription subscription = audit.follow((event, line) -> written.add(with(line)))) {
            for (int i = 0; i < 100; i++) {
                record(1, "number-" + i + "-");
            }
            soon(() -> written.size() == 100);
            assertTrue(subscription != null);
        }
        assertEquals(Set.of(1L), Set.copyOf(written));
    }
}
