/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What this process uses of the system. */
public final class ThisProcess {

    private ThisProcess() {}

    /** How many descriptors are open. */
    public static int descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        return open == null ? -1 : open.length;
    }

    /** How many threads of this project run. */
    public static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }

    public static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** Skips a test, and says so, where it does not run as root. */
    public static void needsRoot(String what) throws IOException {
        if (!isRoot()) {
            System.out.println("Skipped, needs root: " + what);
        }
        Assumptions.assumeTrue(isRoot(), "needs root: " + what);
    }

    /** CPU time of a thread of this process, in nanoseconds. */
    public static long cpuNanos(String thread) {
        var bean = java.lang.management.ManagementFactory.getThreadMXBean();
        for (Thread candidate : Thread.getAllStackTraces().keySet()) {
            if (candidate.getName().equals(thread)) {
                return bean.getThreadCpuTime(candidate.getId());
            }
        }
        throw new IllegalStateException("There is no thread " + thread + ".");
    }
}
