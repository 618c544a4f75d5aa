/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** What this process uses of the system. */
public final class ThisProcess {

    private static final int O_PATH = 010000000;

    private ThisProcess() {}

    /**
     * How many descriptors are open. Regular files do not count: the JVM opens and closes them as it likes. But those do that are
     * only held in place, with O_PATH.
     */
    public static int descriptors() {
        String[] open = Path.of("/proc/self/fd").toFile().list();
        if (open == null) {
            throw new IllegalStateException("/proc/self/fd cannot be read");
        }
        int count = 0;
        for (String number : open) {
            if (counts(number)) {
                count++;
            }
        }
        return count;
    }

    /**
     * Waits until no more are open than there were. Fewer may be: what an earlier test used, such as a pipe to a process, may be
     * closed only now.
     */
    public static void awaitDescriptors(int before) {
        Awaitility.await("descriptors left open").until(() -> descriptors() <= before);
    }

    /** How many descriptors all epoll sets watch, by what {@code /proc/PID/fdinfo} tells of them. */
    public static long watched() throws IOException {
        long count = 0;
        for (String number : Path.of("/proc/self/fdinfo").toFile().list()) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/fdinfo", number))) {
                count += lines.filter(line -> line.startsWith("tfd:")).count();
            } catch (NoSuchFileException e) {
                // Closed meanwhile: it watches nothing.
            }
        }
        return count;
    }

    private static boolean counts(String number) {
        try {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo", number)).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow();
            boolean held = (Long.parseLong(flags.substring("flags:".length()).trim(), 8) & O_PATH) != 0;
            return held || !Files.isRegularFile(Path.of("/proc/self/fd", number));
        } catch (IOException e) {
            // Closed meanwhile, as the one that the listing itself needed.
            return false;
        }
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
