/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that has no descriptor left. */
@Timeout(300)
class ExhaustionTest {

    @Test
    void what_needs_a_descriptor_is_absent_while_there_is_none_and_known_afterwards() throws Exception {
        try (ChildJvm daemon = new ChildJvm("exhaust", "prlimit", "--nofile=200:200")) {
            String uid = daemon.value("daemonUid");
            for (String when : new String[] {"before", "without", "after"}) {
                boolean without = when.equals("without");
                assertEquals(uid, daemon.value(when + ".uid"));
                assertEquals(
                        without
                                ? "getsockopt(SO_PEERPIDFD) failed: EMFILE (this process has reached its limit of open files)"
                                : "present",
                        daemon.value(when + ".process"));
                assertEquals("true", daemon.value(when + ".alive"));
                assertContains(without ? "Too many open files" : "present ", daemon.value(when + ".startTime"));
                assertContains(without ? "pidfd_open: EMFILE" : "present ", daemon.value(when + ".ancestors"));
                assertEquals(
                        without
                                ? "The name service could not be asked for \"daemon\": getpwnam_r failed: EMFILE."
                                : "true",
                        daemon.value(when + ".user"));
                assertEquals(without ? "pidfd_open(1) failed: EMFILE." : "present", daemon.value(when + ".pin"));
            }
        }
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), whole);
    }
}
