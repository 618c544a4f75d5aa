/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

/** Ten thousand connections that are open and silent. */
@Timeout(300)
class IdleConnectionsTest {

    private static final int IDLE = 10_000;
    private static final long HEAP_PER_CONNECTION = 2048;

    @Test
    void cost_no_thread_no_event_and_little_memory_and_slow_nobody() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server server = new Server(calls, "max.connections", "20000", "max.connections.per.uid", "20000");
                Client active = server.connect()) {
            // Warm: classes, buffers, and the table of descriptors in its final size.
            try (Python crowd = crowd(server)) {
                assertEquals("connected", crowd.line());
            }
            Awaitility.await().until(() -> server.listener.open() == 1);
            Awaitility.await().until(() -> server.audited.size() == 2 * IDLE + 1);
            server.audited.clear();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            long heap = usedHeap();
            try (Python crowd = crowd(server)) {
                assertEquals("connected", crowd.line());
                Awaitility.await().until(() -> server.listener.open() == IDLE + 1);
                Awaitility.await().until(() -> server.audited.size() == IDLE);
                server.audited.clear();
                long grown = usedHeap() - heap;
                System.out.printf("%,d idle connections: %,d bytes of heap each%n", IDLE, grown / IDLE);
                assertTrue(grown <= HEAP_PER_CONNECTION * IDLE, "heap grew by " + grown);
                assertTrue(
                        ManagementFactory.getThreadMXBean().getThreadCount() <= threads + 2,
                        "threads: " + ThisProcess.threads(""));

                long reads = calls.reads();
                long waits = calls.waits();
                int rounds = 1000;
                for (int i = 0; i < rounds; i++) {
                    assertEquals("> " + i, active.ask(Integer.toString(i)));
                }
                // Not one of the idle was read from: one read for each line, and a little for waking up.
                assertTrue(calls.reads() - reads <= rounds + 50, "reads: " + (calls.reads() - reads));
                assertTrue(calls.waits() - waits <= 2 * rounds + 50, "waits: " + (calls.waits() - waits));

                crowd.tell("all of you");
                assertEquals(Integer.toString(IDLE), crowd.line());
            }
            Awaitility.await().until(() -> server.listener.open() == 1);
            assertEquals("> end", active.ask("end"));
            assertEquals(
                    2L * IDLE + 1,
                    server.listener
                            .report("", true, Optional.empty())
                            .counters()
                            .allowed());
        }
    }

    private static Python crowd(Server server) throws Exception {
        return Python.run(
                server.path(),
                """
                resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
                all = [connect() for i in range(IDLE)]
                for s in all[-1:]:
                    s.sendall(b'last\\n'); s.recv(100)
                print('connected')
                if sys.stdin.readline():
                    for s in all: s.sendall(b'hello\\n')
                    print(sum(s.recv(100) == b'> hello\\n' for s in all))
                """
                        .replace("IDLE", Integer.toString(IDLE)));
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
