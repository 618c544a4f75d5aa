/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A daemon and a client that do not live in the same namespaces, or a daemon that may not look. */
@Timeout(300)
class NamespaceTest {

    @Test
    void a_user_that_is_not_mapped_here_is_the_overflow_user() throws Exception {
        Root.needed("a client of another user");
        try (ChildJvm daemon = new ChildJvm("serve", "unshare", "--user", "--map-root-user")) {
            assertEquals("0", daemon.value("daemonUid"));
            String overflow = daemon.value("overflowUid");
            try (Client client = new Client(
                    daemon.value("path"), "setpriv", "--reuid=54321", "--regid=54322", "--groups=54323,54324")) {
                client.tell("connect()");
                assertEquals(overflow, daemon.value("uid"));
                assertEquals(overflow, daemon.value("gid"));
                assertEquals("present [" + overflow + "]", daemon.value("groups"));
            }
        }
    }

    @Test
    void the_daemon_is_the_user_that_it_acts_as() throws Exception {
        Root.needed("a daemon with two users");
        try (ChildJvm daemon = new ChildJvm("self", "setpriv", "--ruid=54321")) {
            assertEquals("0", daemon.value("daemonUid"));
        }
    }

    @Test
    void a_process_of_another_pid_namespace_is_absent() throws Exception {
        Root.needed("a PID namespace");
        try (ChildJvm daemon =
                        new ChildJvm("serve", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL");
                Client client = new Client(daemon.value("path"))) {
            client.tell("connect()");
            assertEquals("0", daemon.value("uid"));
            assertEquals("OptionalInt.empty", daemon.value("pid"));
            assertEquals("the peer lives in a PID namespace that is not visible here", daemon.value("process"));
        }
    }

    /** As "docker exec" starts one: its parent has no number here. */
    @Test
    void a_process_that_entered_the_daemons_pid_namespace_is_told_all_the_same() throws Exception {
        Root.needed("a PID namespace");
        try (ChildJvm daemon =
                new ChildJvm("serve", "unshare", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL")) {
            String path = daemon.value("path");
            try (Client client = new Client(path, "nsenter", "--target=" + daemon.childPid(), "--pid", "--mount")) {
                client.tell("connect()");
                assertEquals("present", daemon.value("process"));
                assertTrue(daemon.value("executable").startsWith("present "));
                assertTrue(daemon.value("controlGroup").startsWith("present "));
                assertEquals("present []", daemon.value("ancestors"));
            }
        }
    }

    @Test
    void a_process_that_shares_its_number_with_another_ones_directory_in_proc_is_not_taken_for_it() throws Exception {
        Root.needed("a PID namespace");
        String absence = "/proc shows the processes of another PID namespace";
        try (ChildJvm daemon = new ChildJvm("self", "unshare", "--pid", "--fork", "--kill-child=SIGKILL")) {
            assertEquals("OptionalInt[1]", daemon.value("pid"));
            assertEquals("present", daemon.value("process"));
            assertEquals(absence, daemon.value("startTime"));
            assertEquals(absence, daemon.value("executable"));
        }
    }

    @Test
    void an_executable_that_the_kernel_does_not_show_is_absent_and_says_so() throws Exception {
        Root.needed("a client of another user");
        try (ChildJvm daemon =
                        new ChildJvm("serve", "setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace");
                Client client = new Client(daemon.value("path"), "setpriv", "--reuid=54321", "--clear-groups")) {
            client.tell("connect()");
            assertTrue(daemon.value("startTime").startsWith("present "));
            assertEquals(
                    "the kernel does not show this process's executable to this user (CAP_SYS_PTRACE would be needed)",
                    daemon.value("executable"));
        }
    }
}
