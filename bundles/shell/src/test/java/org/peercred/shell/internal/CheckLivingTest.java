/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.AccessControl;
import org.peercred.common.inspect.PeerResolver;
import org.peercred.common.inspect.ProcStatus;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.testing.FakeControl;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.internal.CredentialsComponent;
import org.peercred.service.ListenerDirectory;
import org.peercred.shell.internal.Shell.Result;

/** {@code peercred:check --pid}, with real processes. */
@Timeout(120)
class CheckLivingTest {

    private final FakeControl control = new FakeControl();
    private Shell shell;
    private Process child;

    @BeforeEach
    void start() {
        shell = new Shell();
        FakeDirectory directory = new FakeDirectory();
        directory.on("@");
        shell.services.add(AccessControl.class, control);
        shell.services.add(ListenerDirectory.class, directory);
        new CredentialsComponent(shell.services.asContext());
    }

    @AfterEach
    void stop() throws InterruptedException {
        shell.close();
        if (child != null) {
            child.destroyForcibly();
            assertTrue(child.waitFor(60, TimeUnit.SECONDS));
        }
    }

    /** Starts a program of python3 that prints a number once it is ready. */
    private int python(String program) throws IOException {
        child = new ProcessBuilder("python3", "-c", program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = child.inputReader();
        return Integer.parseInt(output.readLine());
    }

    @Test
    void a_living_process_is_judged_by_what_it_is_now() throws IOException {
        int pid = python("import os, sys; print(os.getpid(), flush=True); sys.stdin.read()");
        Result result = shell.run("peercred:check -l echo --pid " + pid);
        assertTrue(
                result.output()
                        .startsWith("What would be decided if process " + pid
                                + " connected now. Its facts are observed in /proc, not attested by a connection:\n"),
                result.output());
        assertTrue(result.output().contains("program       | observed | /"), result.output());
        assertTrue(result.output().contains("control group | observed | /"), result.output());
        Peer peer = control.requests.get(0).peer();
        assertEquals(pid, peer.pid().orElseThrow());
        assertEquals(uidOf(pid), peer.uid());
        assertEquals(Grade.OBSERVED, peer.process().grade());
        assertEquals(Grade.OBSERVED, peer.groups().grade());
    }

    private static long uidOf(int pid) throws IOException {
        return ((Number) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).longValue();
    }

    @Test
    void the_descriptor_is_given_back() throws IOException {
        int pid = python("import os, sys; print(os.getpid(), flush=True); sys.stdin.read()");
        shell.run("peercred:check -l echo --pid " + pid);
        Peer peer = control.requests.get(0).peer();
        assertEquals(-1, peer.process().value().orElseThrow().descriptor());
    }

    @Test
    void effective_ids_count_as_they_would_on_a_connection() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root: a process changes its ids");
        int pid = python(
                """
                import os, sys
                os.setgroups([10, 20])
                os.setresgid(1003, 1002, 1004)
                os.setresuid(1000, 1001, 1000)
                print(os.getpid(), flush=True)
                sys.stdin.read()
                """);
        shell.run("peercred:check -l echo --pid " + pid);
        Peer peer = control.requests.get(0).peer();
        assertEquals(1001, peer.uid());
        assertEquals(1002, peer.gid());
        assertEquals(Optional.of(Set.of(10L, 20L, 1002L)), peer.groups().value());
    }

    @Test
    void a_process_that_ended_after_it_was_pinned_is_not_judged() throws Exception {
        // Its parent does not wait for it, so that its number and its file in /proc stay: a zombie.
        int pid = python(
                """
                import os, sys
                pid = os.fork()
                if pid == 0:
                    sys.stdin.read()
                print(pid, flush=True)
                sys.stdin.read()
                """);
        ProcessPinner pinner = shell.services
                .asContext()
                .getService(shell.services.asContext().getServiceReference(ProcessPinner.class));
        PinnedProcess pinned = pinner.pin(pid).value().orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().until(() ->
                Files.readString(Path.of("/proc/" + pid + "/status")).contains("State:\tZ"));
        Refusal refusal = assertThrows(Refusal.class, () -> PeerResolver.observe(pinned));
        assertEquals("Process " + pid + " has ended meanwhile.", refusal.getMessage());
        assertEquals(-1, pinned.descriptor());
    }

    @Test
    void no_such_process_is_told_in_a_sentence() throws Exception {
        int pid = python("import os; print(os.getpid(), flush=True)");
        assertTrue(child.waitFor(60, TimeUnit.SECONDS));
        Result result = shell.run("peercred:check --pid " + pid);
        assertEquals(
                "Process " + pid + " cannot be checked: no process has the number " + pid + ".\n", result.output());
        assertEquals(1, result.status());
        assertEquals(
                "A process id is 1 or greater, not 0.\n",
                shell.run("peercred:check --pid 0").output());
        assertTrue(control.requests.isEmpty());
    }

    @Test
    void a_program_with_a_forged_name_is_shown_escaped(@TempDir Path directory) throws IOException {
        int pid = python(
                """
                import os, shutil
                p = os.fsencode('%s') + b'/x\\x1b[31m\\ny'
                shutil.copy('/bin/sh', p)
                os.execv(p, [b'sh', b'-c', b'echo $$; read x'])
                """
                        .formatted(directory));
        String output = shell.run("peercred:check -l echo --pid " + pid).output();
        assertTrue(output.contains(directory + "/x\\u001b[31m\\u000ay"), output);
    }

    @Test
    void what_a_process_calls_itself_cannot_forge_its_ids() throws IOException {
        // The kernel escapes the line break in the name.
        ProcStatus status =
                ProcStatus.parse("Name:\tx\\nUid:\t0\t0\t0\t0\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \n");
        assertEquals(new ProcStatus(2, 6, Set.of(9L, 10L)), status);
        assertThrows(IOException.class, () -> ProcStatus.parse("Uid:\t1\n"));
        assertThrows(IOException.class, () -> ProcStatus.parse(""));
    }
}
