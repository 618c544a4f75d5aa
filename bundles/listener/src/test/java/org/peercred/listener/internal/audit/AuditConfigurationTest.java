/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Temporary;

@Timeout(120)
class AuditConfigurationTest {

    private final Audit audit = new Audit();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private LogFile log;

    private Path directory;

    @BeforeEach
    void start() throws Exception {
        log = new LogFile();
        directory = Temporary.directory();
        System.setProperty("karaf.log", directory.resolve("log").toString());
        audit.follow((event, line) -> lines.add(line));
    }

    @AfterEach
    void stop() throws Exception {
        audit.close();
        System.clearProperty("karaf.log");
        Temporary.delete(directory);
    }

    private static Map<String, Object> configuration(String key, String value) {
        return Map.of("felix.fileinstall.filename", "file:/x/etc/org.peercred.audit.cfg", key, value);
    }

    /** Whether a user who writes this many bytes is stopped by it. */
    private boolean bounds(long uid, int bytes) {
        lines.clear();
        int events = bytes / 200;
        for (int i = 0; i < events; i++) {
            audit.record(new AuditEvent(
                    Instant.now(),
                    AuditEvent.Type.CLOSED,
                    "echo",
                    i,
                    uid,
                    uid,
                    OptionalInt.of(1),
                    "connect",
                    Optional.empty(),
                    "x".repeat(50),
                    Map.of()));
        }
        audit.record(new AuditEvent(
                Instant.now(),
                AuditEvent.Type.CLOSED,
                "echo",
                0,
                uid + 1,
                uid,
                OptionalInt.of(1),
                "connect",
                Optional.empty(),
                "the last",
                Map.of()));
        Awaitility.await().until(() -> lines.stream().anyMatch(line -> line.contains("the last")));
        return lines.size() < events;
    }

    @Test
    void a_size_counts_from_the_next_event_on() {
        audit.activate(configuration("size.per.uid", "10 KiB"));
        assertTrue(bounds(1000, 100_000));
        audit.modified(configuration("size.per.uid", "0"));
        assertTrue(!bounds(2000, 100_000));
        audit.modified(configuration("size.per.uid", "1000"));
        assertTrue(bounds(3000, 100_000));
    }

    @Test
    void a_size_that_is_none_leaves_in_force_what_was() throws Exception {
        audit.activate(configuration("size.per.uid", "10 KiB"));
        audit.modified(configuration("size.per.uid", "much"));
        assertTrue(bounds(1000, 100_000));
        assertEquals(
                1,
                log.count("etc/org.peercred.audit.cfg: size.per.uid = much: it must be a size, 0 (no bound) to 1 GiB,"
                        + " for instance 64 KiB. What was in force stays."),
                log.text());
    }

    @Test
    void without_a_configuration_or_with_a_wrong_one_the_default_counts() throws Exception {
        audit.activate(configuration("size.per.uid", "2 GiB"));
        assertTrue(!bounds(1000, 100_000));
        assertEquals(1, log.count(" The defaults count."), log.text());
    }

    @Test
    void an_unknown_key_is_told() throws Exception {
        audit.activate(configuration("size.per.user", "1 MiB"));
        assertEquals(
                1,
                log.count(
                        "etc/org.peercred.audit.cfg: unknown key size.per.user is ignored; did you mean size.per.uid?"),
                log.text());
    }

    @Test
    void a_link_where_the_file_belongs_does_not_switch_the_audit_off() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("log"));
        Path link = Files.createSymbolicLink(logs.resolve("audit.log"), directory.resolve("elsewhere"));
        audit.activate(Map.of());
        Awaitility.await()
                .until(() -> log.count("The audit cannot be written to " + link + ": it is a symbolic link") == 1);
        audit.record(new AuditEvent(
                Instant.now(),
                AuditEvent.Type.COMMAND,
                "echo",
                1,
                1000,
                1000,
                OptionalInt.of(1),
                "connect",
                Optional.empty(),
                "meanwhile",
                Map.of()));
        Files.delete(link);
        Awaitility.await()
                .until(() -> Files.exists(link) && Files.readString(link).contains("reason=meanwhile"));
    }
}
