/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.CountingLibC;
import org.peercred.listener.internal.testing.DescriptorLimit;
import org.peercred.listener.internal.testing.FailingProvider;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class AcceptErrorsTest {

    @Test
    void survives_that_there_are_no_descriptors_left_and_does_not_spin() throws Exception {
        CountingLibC calls = new CountingLibC(Server.LIBC);
        try (Server server = new Server(calls, "name", "exhausted");
                Client before = server.connect();
                Python clients = Python.run(
                        server.path(),
                        """
                        first = connect()
                        print(sys.stdin.readline())
                        all = [connect() for i in range(20)]
                        for s in all: s.sendall(b'x\\n')
                        print('waiting')
                        print(sum(s.recv(100) == b'> x\\n' for s in all))
                        sys.stdin.readline()
                        """)) {
            assertEquals("> x", before.ask("x"));
            Awaitility.await().until(() -> server.listener.open() == 2);
            LogFile log = new LogFile();
            // Whatever needs a descriptor to be loaded is loaded now.
            assertTrue(ThisProcess.cpuNanos("test-loop") > 0);
            try (DescriptorLimit limit = DescriptorLimit.leaving(0)) {
                clients.tell("now");
                assertEquals("now", clients.line());
                clients.line();
                assertEquals("waiting", clients.line());
                assertEquals("> y", before.ask("y"));
                long cpu = ThisProcess.cpuNanos("test-loop");
                long accepts = calls.accepts();
                long began = System.nanoTime();
                Awaitility.await()
                        .during(700, TimeUnit.MILLISECONDS)
                        // What was opened earlier may be closed only now, and let some of them in.
                        .until(() -> server.listener.open() < 22);
                long tried = calls.accepts() - accepts;
                long pauses = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / 100;
                assertTrue(tried <= pauses + 4, "tried " + tried + " times in " + pauses + " pauses");
                long spent = ThisProcess.cpuNanos("test-loop") - cpu;
                assertTrue(spent < TimeUnit.MILLISECONDS.toNanos(100), "spent " + spent + " ns");
                assertEquals("> z", before.ask("z"));
                limit.restore();
            }
            assertEquals("20", clients.line());
            assertEquals(1, log.count("Listener exhausted: no connection can be accepted for now: EMFILE"));
        }
    }

    @Test
    void a_process_that_cannot_be_watched_for_want_of_descriptors_is_denied() throws Exception {
        try (Server server = new Server("peer.exit", "close");
                Client before = server.connect();
                Python clients = Python.run(
                        server.path(),
                        """
                        for line in sys.stdin:
                            s = connect(); s.settimeout(float(line)); s.sendall(b'x\\n')
                            try: print(s.recv(100))
                            except TimeoutError: print('nobody accepts')
                            s.close()
                        """)) {
            assertEquals("> x", before.ask("x"));
            String answer = "";
            // What was opened earlier may be closed only now, and leave more than was counted.
            for (int i = 0; i < 10 && !answer.equals("b'Unauthorized access\\n'"); i++) {
                try (DescriptorLimit limit = DescriptorLimit.leaving(1)) {
                    clients.tell("2");
                    answer = clients.line();
                    assertEquals("> y", before.ask("y"));
                    limit.restore();
                }
            }
            assertEquals("b'Unauthorized access\\n'", answer);
            clients.tell("60");
            assertEquals("b'> x\\n'", clients.line());
            Awaitility.await().until(() -> server.lines().stream()
                    .anyMatch(line -> line.startsWith("event=denied ")
                            && line.contains("the peer cannot be watched")
                            && line.contains("EMFILE")));
        }
    }

    @Test
    void an_internal_error_with_one_connection_does_not_stop_the_listener() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Server server = new Server()) {
            server.provider(new FailingProvider(asked));
            int descriptors = ThisProcess.descriptors();
            for (int i = 0; i < 20; i++) {
                try (Client client = server.connect()) {
                    assertEquals("Unauthorized access\n", client.restText());
                }
            }
            assertEquals(20, asked.get());
            ThisProcess.awaitDescriptors(descriptors);
            server.provider(org.peercred.credentials.internal.RealCredentials.provider());
            try (Client client = server.connect()) {
                assertEquals("> x", client.ask("x"));
            }
        }
    }

    @Test
    void serves_a_burst_of_clients_of_whom_many_vanish() throws Exception {
        try (Server server = new Server("max.connections.per.uid", "10000");
                Python burst = Python.run(
                        server.path(),
                        """
                        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
                        stay = []
                        for i in range(4000):
                            s = connect()
                            if i % 2: s.close()
                            else: stay.append(s)
                        for s in stay: s.sendall(b'x\\n')
                        print(sum(s.recv(100) == b'> x\\n' for s in stay))
                        """)) {
            assertEquals("2000", burst.line());
            burst.exit();
            Awaitility.await().until(() -> server.listener.open() == 0);
        }
    }
}
