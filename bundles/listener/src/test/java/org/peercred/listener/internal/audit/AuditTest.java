/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.Subject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.credentials.NameServiceException;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.LogLevel;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class AuditTest {

    @TempDir
    private Path directory;

    @Test
    void writes_everything_before_it_closes() throws Exception {
        LogFile log = new LogFile();
        Audit audit = new Audit();
        for (int i = 0; i < 5000; i++) {
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "all of them " + i));
        }
        for (int i = 0; i < 10; i++) {
            audit.record(Events.denied(77, "owner", "folded"));
        }
        audit.close();
        assertEquals(5000, log.count("all of them"));
        assertEquals(1, log.count("reason=folded count=9"));
        assertEquals(List.of(), ThisProcess.threads("peercred-audit"));
    }

    /** An operator who installs the bundle in Karaf's console makes the thread, and is in no event for that. */
    @Test
    @SuppressWarnings("removal")
    void does_not_run_as_the_operator_who_started_the_bundle() throws Exception {
        CompletableFuture<Optional<Subject>> seen = new CompletableFuture<>();
        PrivilegedAction<Audit> start = () -> new Audit();
        try (Audit audit = Subject.doAs(new Subject(), start)) {
            AuditLog.Subscription subscription = audit.follow((event, line) ->
                    seen.complete(Optional.ofNullable(Subject.getSubject(AccessController.getContext()))));
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "somebody"));
            assertEquals(Optional.empty(), seen.get(60, TimeUnit.SECONDS));
            subscription.close();
        }
    }

    @Test
    void writes_refusals_as_warnings_and_the_rest_as_information() throws Exception {
        LogFile log = new LogFile();
        try (Audit audit = new Audit()) {
            audit.use(new AuditSettings(
                    new FileSettings(directory.resolve("audit.log"), 1 << 20, 2, false),
                    false,
                    EnumSet.allOf(AuditEvent.Type.class),
                    0));
            for (AuditEvent.Type type : AuditEvent.Type.values()) {
                audit.record(Events.of(type, 1, "level"));
            }
        }
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            String level = type.isWarning() ? "WARN" : "INFO";
            assertEquals(
                    1,
                    log.count(level + " " + Audit.LOGGER + " - event="
                            + type.name().toLowerCase(java.util.Locale.ROOT) + " "),
                    type.toString());
        }
    }

    @Test
    void wakes_up_for_an_event_at_once() throws Exception {
        try (Audit audit = new Audit()) {
            Queue<String> lines = new ConcurrentLinkedQueue<>();
            try (AuditLog.Subscription subscription = audit.follow((event, line) -> lines.add(line))) {
                for (int i = 0; i < 20; i++) {
                    audit.record(Events.of(AuditEvent.Type.ALLOWED, i, "x"));
                    int expected = i + 1;
                    Awaitility.await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> lines.size() == expected);
                }
                assertTrue(subscription != null);
            }
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 1, "after"));
            Awaitility.await().until(() -> audit.latest().size() == 21);
            assertEquals(20, lines.size());
        }
    }

    @Test
    void is_wanted_by_nobody_while_the_logger_is_off() throws Exception {
        try (Server server = new Server("name", "unheard");
                LogLevel level = LogLevel.off(Audit.LOGGER);
                Audit audit = new Audit()) {
            for (AuditEvent.Type type : AuditEvent.Type.values()) {
                assertFalse(audit.wants(type), type.toString());
            }
            try (AuditLog.Subscription subscription = audit.follow((event, line) -> {})) {
                assertTrue(audit.wants(AuditEvent.Type.ALLOWED));
                assertTrue(subscription != null);
            }
            assertFalse(audit.wants(AuditEvent.Type.ALLOWED));
            assertTrue(level != null);
            try (Client client = server.connect()) {
                assertEquals("> x", client.ask("x"));
            }
        }
    }

    @Test
    void outlives_followers_names_and_loggers_that_fail() throws Exception {
        UserNames names = new UserNames();
        AtomicInteger asked = new AtomicInteger();
        names.use(new Users() {
            @Override
            public Optional<String> userName(long uid) {
                asked.incrementAndGet();
                throw new NoClassDefFoundError("gone");
            }
        });
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (Audit audit = new Audit(names);
                AuditLog.Subscription failing = audit.follow((event, line) -> {
                    throw new AssertionError("broken");
                });
                AuditLog.Subscription working = audit.follow((event, line) -> lines.add(line))) {
            for (int i = 0; i < 10; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, i, "x"));
            }
            Awaitility.await().until(() -> lines.size() == 10);
            Awaitility.await().until(() -> asked.get() > 0);
            assertTrue(failing != null && working != null);
        }
    }

    @Test
    void a_name_service_that_hangs_delays_little() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        Users hanging = new Users() {
            @Override
            public Optional<String> userName(long uid) throws NameServiceException {
                asked.incrementAndGet();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new NameServiceException("It does not answer.");
            }
        };
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (UserNames names = new UserNames();
                Audit audit = new Audit(names);
                AuditLog.Subscription subscription = audit.follow((event, line) -> lines.add(line))) {
            names.use(hanging);
            for (int i = 0; i < 5000; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, i, "x"));
            }
            Awaitility.await()
                    .atMost(UserNamesTest.FAR_LESS_THAN_A_MOMENT_FOR_EACH)
                    .until(() -> lines.size() == 5000);
            assertTrue(asked.get() <= UserNames.MOST_THREADS, "asked " + asked.get() + " times");
            assertTrue(subscription != null);
        } finally {
            end.countDown();
        }
    }

    @Test
    void asks_once_for_a_name() throws Exception {
        UserNames names = UserNamesTest.patient();
        AtomicInteger asked = new AtomicInteger();
        names.use(new Users() {
            @Override
            public Optional<String> userName(long uid) {
                if (uid == 1001) {
                    asked.incrementAndGet();
                }
                return Optional.of("user" + uid);
            }
        });
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (Audit audit = new Audit(names);
                AuditLog.Subscription subscription = audit.follow((event, line) -> lines.add(line))) {
            for (int i = 0; i < 100; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1001, "x"));
            }
            Awaitility.await().until(() -> lines.size() == 100);
            assertEquals(1, asked.get());
            assertTrue(lines.peek().contains(" user=user1001 "));
            assertTrue(subscription != null);
        }
    }

    @Test
    void keeps_the_latest_events_and_no_more() throws Exception {
        try (Audit audit = new Audit()) {
            for (int i = 0; i < 3000; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, i, "x"));
            }
            Awaitility.await()
                    .until(() -> !audit.latest().isEmpty()
                            && audit.latest()
                                            .get(audit.latest().size() - 1)
                                            .event()
                                            .uid()
                                    == 2999);
            assertEquals(1000, audit.latest().size());
            assertEquals(2000, audit.latest().get(0).event().uid());
        }
    }

    @Test
    void makes_the_listener_wait_when_it_falls_behind_and_drops_nothing() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        UserNames names = new UserNames();
        try (Audit audit = new Audit(names);
                AuditLog.Subscription slow = audit.follow((event, line) -> {
                    try {
                        assertTrue(goOn.await(60, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })) {
            Queue<String> lines = new ConcurrentLinkedQueue<>();
            try (AuditLog.Subscription counting = audit.follow((event, line) -> lines.add(line))) {
                assertFalse(audit.isBehind());
                CompletableFuture<Void> recording = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        audit.record(Events.of(AuditEvent.Type.ALLOWED, i, "x"));
                    }
                });
                recording.get(60, TimeUnit.SECONDS);
                assertTrue(audit.isBehind());
                goOn.countDown();
                Awaitility.await().until(() -> lines.size() == 20_000);
                assertFalse(audit.isBehind());
                assertTrue(slow != null && counting != null);
            }
        }
    }
}
