/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyStatus;
import org.peercred.access.Verdict;
import org.peercred.access.Verdict.Effect;
import org.peercred.credentials.Peer;
import org.peercred.credentials.internal.RealKernel;
import org.peercred.policy.internal.kinds.ExecutablePolicy;
import org.peercred.policy.internal.testing.FakeBackground;
import org.peercred.policy.internal.testing.LocalServer;
import org.peercred.policy.internal.testing.Settings;

/** Policies about processes, on the running kernel. */
@Timeout(120)
class RealProcessTest {

    private static final String CONNECT_AND_STAY =
            """
            s = connect()
            say(os.getpid())
            sys.stdin.read()
            """;

    /** Starts a process under a number of its choice, which clone3(2) allows to root, and connects from it. It dies as well. */
    private static final String RECYCLE =
            """
            wanted = (ctypes.c_int * 1)(%d)
            arguments = (ctypes.c_ulonglong * 10)(0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(wanted), 1)
            libc = ctypes.CDLL(None, use_errno=True)
            for attempt in range(1000):
                pid = libc.syscall(435, ctypes.byref(arguments), ctypes.sizeof(arguments))
                if pid == 0:
                    libc.prctl(1, 9)
                    for inherited in range(3): os.close(inherited)
                    s = connect()
                    while True: signal.pause()
                if pid > 0 or ctypes.get_errno() != 17:
                    break
                time.sleep(0.01)
            say(pid if pid > 0 else os.strerror(ctypes.get_errno()))
            sys.stdin.read()
            """;

    @TempDir
    Path directory;

    private final FakeBackground background = new FakeBackground();
    private LocalServer server;

    @BeforeEach
    void open() throws IOException {
        server = new LocalServer(directory);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
    }

    private PidPolicy policy(Map<String, Object> settings) {
        PidPolicy policy = new PidPolicy(settings, RealKernel.pinner(), RealKernel.provider(), background);
        assertEquals(PolicyStatus.ACTIVE, policy.status());
        return policy;
    }

    private PidPolicy pids(String allow, String... more) {
        return policy(Settings.with(Settings.fileless("pid", "real", "allow", allow), (Object[]) more));
    }

    private static Verdict verdict(AccessPolicy policy, Peer peer) {
        return policy.evaluate(new AccessRequest(peer, "echo", AccessRequest.CONNECT, Set.of()));
    }

    private Path write(String name, long pid, Duration age) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, pid + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    private Process recycled(int pid) throws IOException {
        Process parent = server.python(RECYCLE.formatted(pid));
        String given = LocalServer.heard(parent);
        assumeTrue(given.equals(Integer.toString(pid)), "needs root: starts a process under a number of its choice");
        return parent;
    }

    @Test
    void a_living_process_is_allowed_by_number_and_by_pid_file() throws Exception {
        Process client = server.python(CONNECT_AND_STAY);
        try (Peer peer = server.next()) {
            LocalServer.heard(client);
            Path file = write("client.pid", client.pid(), Duration.ZERO);
            for (String allow : new String[] {Long.toString(client.pid()), "file:" + file}) {
                PidPolicy policy = pids(allow);
                assertEquals(Verdict.allow("the process is on the list"), verdict(policy, peer), allow);
                policy.deactivate();
                assertEquals(
                        Effect.ABSTAIN, verdict(policy, peer).effect(), "nothing is granted by what was given back");
            }
        }
    }

    @Test
    void a_process_is_told_by_the_time_it_started_from_one_started_after_its_number_was_written_down()
            throws Exception {
        Process client = server.python(CONNECT_AND_STAY);
        try (Peer peer = server.next()) {
            LocalServer.heard(client);
            Path file = write("stale.pid", client.pid(), Duration.ofHours(1));
            PidPolicy policy = pids("file:" + file);
            assertEquals(
                    Verdict.abstain("the process is on the list but was not pinned: process " + client.pid()
                            + " started after " + file + " was written, or the clock was set since"),
                    verdict(policy, peer));
            policy.deactivate();
        }
    }

    @Test
    void a_recycled_number_grants_nothing() throws Exception {
        Process client = server.python(CONNECT_AND_STAY);
        Peer first = server.next();
        Path file = write("client.pid", client.pid(), Duration.ZERO);
        PidPolicy byNumber = pids(Long.toString(client.pid()), "descendants", "true");
        PidPolicy byFile = pids("file:" + file, "descendants", "true");
        assertEquals(Effect.ALLOW, verdict(byNumber, first).effect());
        assertEquals(Effect.ALLOW, verdict(byFile, first).effect());
        LocalServer.end(client);
        assertEquals(
                Effect.ABSTAIN, verdict(byNumber, first).effect(), "a process that has ended is no longer allowed");
        first.close();
        recycled((int) client.pid());
        try (Peer stranger = server.next()) {
            assertEquals(client.pid(), stranger.pid().orElseThrow(), "the stranger has the number");
            assertEquals(Effect.ABSTAIN, verdict(byNumber, stranger).effect());
            assertEquals(Effect.ABSTAIN, verdict(byFile, stranger).effect());
            background.pass(Duration.ofSeconds(5));
            assertEquals(Effect.ABSTAIN, verdict(byFile, stranger).effect(), "the file has not changed");
            write("client.pid", client.pid(), Duration.ofMinutes(1));
            background.pass(Duration.ofSeconds(5));
            assertEquals(Effect.ABSTAIN, verdict(byFile, stranger).effect(), "the file is older than the stranger");
        }
        byNumber.deactivate();
        byFile.deactivate();
    }

    @Test
    void descendants_are_allowed_as_long_as_the_named_process_is_above_them() throws Exception {
        Process parent = server.python(
                """
                child = subprocess.Popen([sys.executable, "-c", '''
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                sys.stdin.read()
                ''', sys.argv[1]], stdin=subprocess.PIPE)
                say(child.pid)
                sys.stdin.read()
                """);
        int child = Integer.parseInt(LocalServer.heard(parent));
        try (Peer peer = server.next()) {
            assertEquals(child, peer.pid().orElseThrow());
            PidPolicy alone = pids(Long.toString(parent.pid()));
            PidPolicy family = pids(Long.toString(parent.pid()), "descendants", "true");
            assertEquals(Effect.ABSTAIN, verdict(alone, peer).effect());
            assertEquals(Verdict.allow("a process above the peer is on the list"), verdict(family, peer));
            LocalServer.end(parent);
            assertEquals(Effect.ABSTAIN, verdict(family, peer).effect());
            alone.deactivate();
            family.deactivate();
        } finally {
            ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void programs_are_told_apart_and_one_that_cannot_be_read_is_refused() throws Exception {
        Process client = server.python(CONNECT_AND_STAY);
        try (Peer peer = server.next()) {
            Path program = Path.of("/proc/" + client.pid() + "/exe").toRealPath();
            assertEquals(
                    Effect.ABSTAIN,
                    verdict(executables(program.toString()), peer).effect());
            assertEquals(
                    Verdict.deny("the program " + program + " is not on the list"),
                    verdict(executables("/usr/bin/true"), peer));
        }
        Process gone = server.python("s = connect(); say('ready'); sys.stdin.read()");
        try (Peer peer = server.next()) {
            LocalServer.heard(gone);
            LocalServer.end(gone);
            Verdict verdict = verdict(executables("/usr/bin/python3"), peer);
            assertEquals(Effect.DENY, verdict.effect());
            assertTrue(verdict.reason().startsWith("the program cannot be read: "), verdict.reason());
        }
    }

    private static ExecutablePolicy executables(String only) {
        return new ExecutablePolicy(Settings.of("executable", "real", "only", only), new FakeBackground());
    }
}
