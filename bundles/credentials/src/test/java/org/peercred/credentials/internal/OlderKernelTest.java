/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A kernel that answers one question as an older one would: by a filter, in a Java of its own. */
@Timeout(300)
class OlderKernelTest {

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int GETSOCKOPT = ARM ? 209 : 55;
    private static final int IOCTL = ARM ? 29 : 16;
    private static final int PIDFD_OPEN = 434;

    @ParameterizedTest
    @CsvSource({
        "92, 'this kernel has no SO_PEERPIDFD (before Linux 6.5)'",
        "61, 'the socket has no peer'",
        "22, 'the process has ended, and this kernel pins only processes that have not'",
        "3, 'the process has ended, and this kernel pins only processes that have not'",
        "12, 'getsockopt(SO_PEERPIDFD) failed: ENOMEM'"
    })
    void a_peer_that_cannot_be_pinned_is_absent_and_says_why(int errno, String absence) throws Exception {
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 77, errno)) {
            assertTrue(daemon.value("pid").startsWith("OptionalInt["));
            assertEquals(absence, daemon.value("process"));
        }
    }

    @Test
    void groups_are_absent_before_4_13() throws Exception {
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 59, 92)) {
            assertEquals("this kernel has no SO_PEERGROUPS (before Linux 4.13)", daemon.value("groups"));
        }
    }

    @Test
    void an_error_of_the_system_call_itself_has_its_name() throws Exception {
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 17, 105)) {
            assertEquals("ENOBUFS getsockopt(SO_PEERCRED) failed: ENOBUFS.", daemon.value("failure"));
        }
    }

    /** Memory that was zeroed, or holds the peer before, would make the client root, or somebody else. */
    @Test
    void a_kernel_that_answers_nothing_names_nobody() throws Exception {
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 17, 0)) {
            assertEquals("4294967295", daemon.value("uid"));
            assertEquals("4294967295", daemon.value("gid"));
        }
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 59, 0)) {
            String groups = daemon.value("groups");
            assertTrue(groups.contains("4294967295") && !groups.matches(".*[\\[ ]1[,\\]].*"), groups);
        }
        try (ChildJvm daemon = filtered(GETSOCKOPT, 2, 77, 0)) {
            String process = daemon.value("process");
            assertTrue(process.startsWith("getsockopt(SO_PEERPIDFD) failed"), process);
        }
    }

    @Test
    void ancestors_are_known_without_PIDFD_GET_INFO() throws Exception {
        try (ChildJvm daemon = filtered(IOCTL, 1, 0xC040FF0BL, 25)) {
            assertTrue(daemon.value("ancestors")
                    .startsWith(
                            "present [Ancestor[pid=" + ProcessHandle.current().pid() + ","));
        }
    }

    @Test
    void nothing_is_pinned_by_number_before_5_3() throws Exception {
        try (ChildJvm daemon = filtered(PIDFD_OPEN, 1, 0, 38)) {
            assertEquals("this kernel has no pidfd_open (before Linux 5.3)", daemon.value("ancestors"));
            assertEquals("this kernel has no pidfd_open (before Linux 5.3)", daemon.value("pin"));
        }
    }

    private static ChildJvm filtered(int call, int index, long value, int errno) throws Exception {
        List<String> prefix = new ArrayList<>(List.of(Client.PYTHON, "-c", ChildJvm.FILTER));
        prefix.addAll(List.of("" + call, "" + index, "" + value, "" + errno));
        return new ChildJvm("self", prefix.toArray(String[]::new));
    }
}
