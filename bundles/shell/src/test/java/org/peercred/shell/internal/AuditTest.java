/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.common.testing.FakeAudit;
import org.peercred.credentials.UserDatabase;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:audit}. */
@Timeout(120)
class AuditTest {

    private final FakeAudit audit = new FakeAudit();
    private final ExecutorService user = Executors.newSingleThreadExecutor();
    private Shell shell;

    @BeforeEach
    void start() {
        shell = new Shell();
        shell.services.add(AuditLog.class, audit);
        shell.services.add(UserDatabase.class, Shell.users());
        record(AuditEvent.Type.ALLOWED, "echo", 1, 1001);
        record(AuditEvent.Type.DENIED, "echo", 2, 0);
        record(AuditEvent.Type.REVOKED, "command", 3, 1001);
        record(AuditEvent.Type.CLOSED, "echo", 4, 1001);
    }

    @AfterEach
    void stop() throws InterruptedException {
        user.shutdownNow();
        assertTrue(user.awaitTermination(60, TimeUnit.SECONDS));
        shell.close();
    }

    private void record(AuditEvent.Type type, String listener, long connection, long uid) {
        AuditEvent event = FakeAudit.event(type, listener, connection, uid);
        audit.record(event);
    }

    private static ConditionFactory soon() {
        return await();
    }

    @Test
    void nothing_to_show_is_said_in_a_sentence() {
        assertEquals(
                "No event matches.\n",
                shell.run("peercred:audit --listener console").output());
        assertEquals("", shell.run("peercred:audit -n 0").output());
        shell.services.add(AuditLog.class, new FakeAudit());
        assertEquals("No decisions yet.\n", shell.run("peercred:audit").output());
        assertEquals("No decisions yet.\n", shell.run("peercred:audit --uid 1").output());
        assertEquals("", shell.run("peercred:audit --no-format").output());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1,2,3,4",
                "--event denied | 2",
                "--event denied,revoked | 2,3",
                "--uid alice | 1,3,4",
                "--uid 0 | 2",
                "--listener command | 3",
                "-n 2 | 3,4",
                "-n 0 | ''",
                "-n 1 --event allowed,denied | 2",
                "--uid alice --listener echo -n 1 | 4"
            })
    void the_latest_events_are_filtered_before_they_are_counted(String options, String expected) {
        List<String> connections = shell.run("peercred:audit " + options).lines().stream()
                .map(line -> line.replaceFirst(".* connection=", ""))
                .toList();
        assertEquals(expected, String.join(",", connections));
    }

    @Test
    void an_event_is_shown_with_its_time_and_the_line_of_the_log() {
        String line = shell.run("peercred:audit --event denied").output();
        assertTrue(
                line.matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d event=denied connection=2\n"),
                line);
    }

    @Test
    void colours_tell_refusals_on_a_terminal() {
        shell.terminal(80);
        assertTrue(shell.run("peercred:audit").output().contains("\u001b[31mevent=denied"));
    }

    @Test
    void what_is_not_understood_is_refused() {
        assertEquals(
                "There is no event \"denid\"; there is allowed, denied, revoked, limited, closed, command, request, lost.\n",
                shell.run("peercred:audit --event denid").output());
        assertEquals(1, shell.run("peercred:audit -n -1").status());
    }

    @Test
    void following_shows_each_event_once_until_interrupted() throws Exception {
        // One that happens in between is among the latest, and is handed on as well.
        audit.whenFollowed = () -> record(AuditEvent.Type.DENIED, "echo", 40, 0);
        CompletableFuture<Result> following = follow("peercred:audit --follow --event denied,allowed -n 1");
        record(AuditEvent.Type.ALLOWED, "echo", 5, 1001);
        record(AuditEvent.Type.CLOSED, "echo", 6, 1001);
        record(AuditEvent.Type.DENIED, "echo", 7, 1001);
        soon().until(() -> shell.output().contains("connection=7"));
        assertTrue(shell.interrupt());
        Result result = following.get(60, TimeUnit.SECONDS);
        soon().until(audit.followers::isEmpty);
        assertEquals(
                List.of("40", "5", "7"),
                result.lines().stream()
                        .filter(line -> !line.isEmpty())
                        .map(line -> line.replaceFirst(".* connection=", ""))
                        .toList());
        assertEquals("after\n", shell.run("echo after").output());
    }

    @Test
    void following_ends_with_the_audit_log() throws Exception {
        CompletableFuture<Result> following = follow("peercred:audit --follow");
        shell.services.remove(AuditLog.class);
        Result result = following.get(60, TimeUnit.SECONDS);
        assertTrue(result.output().endsWith("The audit log has gone: nothing more to follow.\n"), result.output());
        assertEquals(1, result.status());
        assertTrue(audit.followers.isEmpty());
    }

    @Test
    void following_through_a_pipe_is_refused() {
        // Ctrl-C while grep writes would close the session's output for good.
        Result result = shell.run("peercred:audit --follow | grep denied");
        assertTrue(result.output().contains("Events are followed on the console only"), result.output());
        assertTrue(audit.followers.isEmpty());
    }

    @Test
    void a_slow_terminal_does_not_hold_up_the_audit_and_hears_what_it_missed() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        shell.close();
        shell = new Shell(new GatedOutput(gate, shown));
        shell.services.add(AuditLog.class, audit);
        CompletableFuture<Integer> following = CompletableFuture.supplyAsync(
                () -> shell.run("peercred:audit --follow -n 0").status(), user);
        soon().until(() -> !audit.followers.isEmpty());
        for (int i = 0; i < 3000; i++) {
            record(AuditEvent.Type.DENIED, "echo", 100 + i, 1001);
        }
        gate.countDown();
        soon().until(() -> shown.toString(StandardCharsets.UTF_8)
                .contains("more, too fast for this terminal; the audit log has them)"));
        assertTrue(shell.interrupt());
        following.get(60, TimeUnit.SECONDS);
        soon().until(audit.followers::isEmpty);
    }

    private CompletableFuture<Result> follow(String line) {
        CompletableFuture<Result> following = CompletableFuture.supplyAsync(() -> shell.run(line), user);
        soon().until(() -> !audit.followers.isEmpty() && !shell.output().isEmpty());
        return following;
    }

    /** Takes no byte before a gate opens. */
    private static final class GatedOutput extends OutputStream {
        private final CountDownLatch gate;
        private final ByteArrayOutputStream shown;

        GatedOutput(CountDownLatch gate, ByteArrayOutputStream shown) {
            this.gate = gate;
            this.shown = shown;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            shown.write(bytes, offset, length);
        }
    }
}
