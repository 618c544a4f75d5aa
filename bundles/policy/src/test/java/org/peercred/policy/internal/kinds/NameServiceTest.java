/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.internal.RealKernel;

/**
 * A real module for the name service, which goes up and down as winbind, ldap and sss do: {@code passwd: files peercredtest} is
 * what {@code /etc/nsswitch.conf} says in a mount namespace.
 */
@Timeout(300)
class NameServiceTest {

    private static final String ULRICH = "CORP\\ulrich";
    private static final String WORLD = "up\n70001 " + ULRICH + "\n70002 John Doe\n70513 domain users\n";
    private static final String LAUNCHER =
            """
            mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
            LD_LIBRARY_PATH="$1"; export LD_LIBRARY_PATH; shift
            exec "$@"
            """;

    @TempDir
    private Path directory;

    private Process process;
    private PrintWriter questions;
    private BufferedReader answers;

    @BeforeEach
    void build() throws Exception {
        needs(RealKernel.isRoot(), "root, for a mount namespace");
        needs(succeeds("gcc", "--version") && succeeds("unshare", "-m", "true"), "gcc and unshare");
        needs(Files.exists(Path.of("/etc/nsswitch.conf")), "an /etc/nsswitch.conf, and so glibc");
        Path source = directory.resolve("nss_peercredtest.c");
        try (InputStream in = NameServiceTest.class.getResourceAsStream("/nss_peercredtest.c")) {
            Files.copy(in, source);
        }
        assertTrue(succeeds(
                "gcc",
                "-shared",
                "-fPIC",
                "-o",
                directory.resolve("libnss_peercredtest.so.2").toString(),
                "-DCONTROL=\"" + directory.resolve("control") + "\"",
                source.toString()));
        Files.writeString(
                directory.resolve("nsswitch.conf"), "passwd: files peercredtest\ngroup: files peercredtest\n");
    }

    private static void needs(boolean there, String what) {
        if (!there) {
            System.out.println("Skipped, needs " + what + ": a name service of its own");
        }
        Assumptions.assumeTrue(there, "needs " + what);
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            Process child = new ProcessBuilder(command)
                    .inheritIO()
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return child.waitFor(60, TimeUnit.SECONDS) && child.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void start(String service) throws Exception {
        becomes(service);
        process = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "--propagation",
                        "private",
                        "sh",
                        "-ec",
                        LAUNCHER,
                        "sh",
                        directory.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NameServiceProbe.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        questions = new PrintWriter(process.outputWriter(UTF_8), true);
        answers = process.inputReader(UTF_8);
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        }
    }

    private void becomes(String service) throws IOException {
        Path next = Files.writeString(directory.resolve("control.next"), service);
        Files.move(next, directory.resolve("control"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String ask(String question) throws Exception {
        questions.println(question);
        return CompletableFuture.supplyAsync(this::line).get(60, TimeUnit.SECONDS);
    }

    private String line() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean mayConnect(long uid, long gid) throws Exception {
        return ask("ask " + uid + " " + gid).equals("allowed");
    }

    /** What a policy says of itself can be ahead of the decisions by a moment. */
    private void awaitConnect(boolean allowed, long uid, long gid) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        boolean now = mayConnect(uid, gid);
        while (now != allowed && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            now = mayConnect(uid, gid);
        }
        assertEquals(allowed, now, "uid " + uid);
    }

    private boolean ownerMayConnect() throws Exception {
        return mayConnect(NameServiceProbe.OWNER, NameServiceProbe.OWNER);
    }

    private void awaitState(String kind, String state) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String now = ask("state " + kind);
        while (!now.startsWith(state) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            now = ask("state " + kind);
        }
        assertTrue(now.startsWith(state), now);
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "refused", "hang"})
    void a_service_that_is_not_up_at_the_start_locks_nobody_out_and_counts_once_it_is(String service) throws Exception {
        start(service);
        ask("uid " + ULRICH + ", John Doe, daemon, 61001");
        ask("group domain users");
        assertTrue(ownerMayConnect());
        assertTrue(mayConnect(61_001, 7));
        if (service.equals("hang")) {
            assertFalse(mayConnect(1, 7), "daemon, whom nobody was asked for");
        } else {
            // On a busy machine a refusal may take so long that daemon, whom the file knows, is not asked for at once.
            awaitConnect(true, 1, 7);
        }
        for (long uid : new long[] {70_001, 70_002, 0}) {
            assertEquals(false, mayConnect(uid, 70_513), () -> "uid " + uid);
        }
        String state = ask("state uid");
        assertTrue(
                state.startsWith("REJECTED etc/org.peercred.policy.uid-team.cfg: ")
                        && !state.contains("there is no user of that name"),
                state);
        becomes(WORLD);
        awaitState("uid", "ACTIVE");
        awaitState("group", "ACTIVE");
        for (long uid : new long[] {70_001, 70_002, 1, 61_001}) {
            awaitConnect(true, uid, 7);
        }
        awaitConnect(true, 70_009, 70_513);
        awaitConnect(false, 70_009, 7);
        assertTrue(ownerMayConnect());
    }

    @Test
    void a_slow_service_holds_up_nobody() throws Exception {
        start(WORLD.replace("up", "slow"));
        ask("uid " + ULRICH);
        assertTrue(ownerMayConnect());
        assertEquals(false, mayConnect(70_001, 7));
        awaitState("uid", "ACTIVE");
        awaitConnect(true, 70_001, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "hang"})
    void a_service_that_goes_down_takes_nothing_away_but_what_the_file_takes(String service) throws Exception {
        start(WORLD);
        ask("uid " + ULRICH + ", John Doe");
        awaitState("uid", "ACTIVE");
        becomes(service);
        ask("uid " + ULRICH + ", 61001");
        awaitState("uid", "LAST_GOOD");
        awaitConnect(true, 70_001, 7);
        awaitConnect(false, 70_002, 7);
        becomes(WORLD);
        awaitState("uid", "ACTIVE");
        awaitConnect(true, 61_001, 7);
    }

    @Test
    void a_uid_that_has_changed_counts_from_the_next_load_on() throws Exception {
        start(WORLD);
        ask("uid " + ULRICH);
        awaitState("uid", "ACTIVE");
        becomes(WORLD.replace("70001", "70091"));
        awaitConnect(true, 70_001, 7);
        ask("uid " + ULRICH + ", John Doe");
        awaitState("uid", "ACTIVE");
        awaitConnect(false, 70_001, 7);
        awaitConnect(true, 70_091, 7);
    }

    @Test
    void a_user_that_is_added_later_counts_once_it_is_there() throws Exception {
        start(WORLD);
        ask("uid John Doe, newcomer");
        awaitState(
                "uid",
                "REJECTED etc/org.peercred.policy.uid-team.cfg: allow = newcomer: there is no user of that name");
        awaitConnect(false, 70_003, 7);
        becomes(WORLD + "70003 newcomer\n");
        awaitState("uid", "ACTIVE");
        awaitConnect(true, 70_003, 7);
    }
}
