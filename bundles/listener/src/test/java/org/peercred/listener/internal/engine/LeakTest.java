/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(300)
class LeakTest {

    private static final int MANY = 100_000;

    @Test
    void a_hundred_thousand_connections_leave_no_descriptor_and_no_thread() throws Exception {
        try (Server server = new Server("max.connections.per.uid", "10000")) {
            try (Client client = server.connect()) {
                assertEquals("> warm", client.ask("warm"));
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            int descriptors = ThisProcess.descriptors();
            int threads = ThisProcess.threads("").size();
            try (Python churn = Python.run(
                    server.path(),
                    """
                    address = path.encode()
                    def churn(n):
                        for i in range(n):
                            s = socket.socket(socket.AF_UNIX)
                            s.connect(address)
                            kind = i % 10
                            if kind < 8:
                                s.send(b'x\\n')
                                if s.recv(16) != b'> x\\n': os._exit(1)
                            elif kind == 8:
                                s.send(b'unfinished')
                            s.close()
                    children = []
                    for k in range(2):
                        pid = os.fork()
                        if pid == 0:
                            churn(MANY // 2)
                            os._exit(0)
                        children.append(pid)
                    print(sum(os.waitpid(p, 0)[1] for p in children))
                    """
                            .replace("MANY", Integer.toString(MANY)))) {
                assertEquals("0", churn.line());
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            assertEquals(
                    MANY + 1,
                    server.listener
                            .report("", true, Optional.empty())
                            .counters()
                            .allowed());
            ThisProcess.awaitDescriptors(descriptors);
            assertTrue(
                    ThisProcess.threads("").size() <= threads + 2,
                    ThisProcess.threads("").toString());
        }
    }

    @Test
    void clients_killed_in_the_middle_leave_nothing() throws Exception {
        try (Server server = new Server()) {
            int descriptors = ThisProcess.descriptors();
            for (int i = 0; i < 5; i++) {
                try (Python client = Python.run(
                        server.path(),
                        """
                        all = [connect() for i in range(100)]
                        for i, s in enumerate(all):
                            s.setblocking(False)
                            if i % 3: s.send(b'x\\ny')
                            if i % 3 == 2: s.send(b'z' * 50000 + b'\\n'); s.send(b'z' * 50000)
                        print('in the middle')
                        sys.stdin.readline()
                        """)) {
                    assertEquals("in the middle", client.line());
                    client.kill();
                }
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            ThisProcess.awaitDescriptors(descriptors);
        }
    }

    @Test
    void descriptors_that_clients_pass_are_not_kept() throws Exception {
        try (Server server = new Server()) {
            server.access.allow(request -> server.access.decisions.get() % 2 == 0);
            int descriptors = ThisProcess.descriptors();
            try (Python client = Python.run(
                    server.path(),
                    """
                    for i in range(100):
                        s = connect()
                        fds = struct.pack('50i', *([0] * 50))
                        s.sendmsg([b'x\\n'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
                        rest = s.recv(100)
                        if rest not in (b'> x\\n', b'Unauthorized access\\n'): print(rest)
                    print('done')
                    """)) {
                assertEquals("done", client.line());
            }
            Awaitility.await().until(() -> server.listener.open() == 0);
            ThisProcess.awaitDescriptors(descriptors);
        }
    }

    @Test
    void urgent_bytes_neither_make_the_loop_spin_nor_stop_it() throws Exception {
        try (Server server = new Server();
                Client other = server.connect();
                Python client = Python.run(
                        server.path(),
                        """
                        s = connect()
                        try: s.send(b'u', socket.MSG_OOB)
                        except OSError: pass
                        print('sent')
                        sys.stdin.readline()
                        s.send(b'x\\n')
                        print(s.recv(100)[-2:])
                        """)) {
            assertEquals("sent", client.line());
            assertEquals("> x", other.ask("x"));
            long cpu = ThisProcess.cpuNanos("test-loop");
            Awaitility.await().during(300, TimeUnit.MILLISECONDS).until(() -> other.ask("y")
                    .equals("> y"));
            assertTrue(ThisProcess.cpuNanos("test-loop") - cpu < TimeUnit.MILLISECONDS.toNanos(150));
            client.tell("go on");
            assertEquals("b'x\\n'", client.line());
        }
    }
}
