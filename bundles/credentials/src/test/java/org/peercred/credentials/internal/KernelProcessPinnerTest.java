/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

@Timeout(120)
class KernelProcessPinnerTest {

    private final KernelProcessPinner pinner = new KernelProcessPinner(new KernelProcessTable(Native.load()));
    private Server server;

    @BeforeEach
    void listen() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void pins_a_living_process() throws Exception {
        try (Client client = new Client(server);
                PinnedProcess process = pin(client.pid())) {
            assertEquals(client.pid(), process.pid());
            assertEquals(
                    client.tell("say(open('/proc/self/stat').read().split()[21])"),
                    process.startTime().value().orElseThrow().toString());
            assertTrue(process.alive());
            client.kill();
            assertFalse(process.alive());
        }
    }

    @Test
    void a_recycled_number_is_another_process() throws Exception {
        Root.needed("to choose the number of a process");
        try (Client client = new Client(server);
                Recycler recycler = new Recycler(server);
                PinnedProcess old = pin(client.pid())) {
            client.kill();
            recycler.recycle(client.pid());
            assertFalse(old.alive());
            try (PinnedProcess stranger = pin(client.pid())) {
                assertTrue(stranger.alive());
                assertNotEquals(old.startTime(), stranger.startTime());
            }
        }
    }

    @Test
    void the_start_time_stays_readable_after_the_close() throws Exception {
        PinnedProcess process = pin((int) ProcessHandle.current().pid());
        process.close();
        process.close();
        assertTrue(process.startTime().value().isPresent());
        assertFalse(process.alive());
        assertEquals(-1, process.descriptor());
        assertTrue(process.executable().value().isEmpty());
    }

    @Test
    void tells_why_there_is_nothing_to_pin() throws Exception {
        try (Client client = new Client(server)) {
            client.kill();
            assertEquals(absent("no process has the number " + client.pid()), pinner.pin(client.pid()));
        }
    }

    @Test
    void does_not_pin_a_thread() throws Exception {
        try (Client client = new Client(server)) {
            String thread = client.tell(
                    "import threading; t = threading.Thread(target=signal.pause, daemon=True); t.start(); say(t.native_id)");
            assertEquals(
                    absent(thread + " is the number of a thread, not of a process"),
                    pinner.pin(Integer.parseInt(thread)));
        }
    }

    @Test
    void does_not_pin_a_zombie() throws Exception {
        try (Client client = new Client(server)) {
            int zombie = Integer.parseInt(
                    client.tell(
                            """
                    child = os.fork()
                    if child == 0: os._exit(0)
                    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
                    say(child)
                    """));
            assertEquals(absent("the process has ended"), pinner.pin(zombie));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void refuses_what_is_no_process_id(int pid) {
        assertThrows(IllegalArgumentException.class, () -> pinner.pin(pid));
    }

    @Test
    void a_descriptor_is_not_given_back_while_another_thread_uses_it() throws Exception {
        HookedProcessTable table = new HookedProcessTable(new KernelProcessTable(Native.load()));
        PinnedProcess process = new KernelProcessPinner(table)
                .pin((int) ProcessHandle.current().pid())
                .value()
                .orElseThrow();
        Thread closing = new Thread(process::close);
        table.beforeAlive = descriptor -> {
            table.beforeAlive = again -> {};
            closing.start();
            Awaitility.await().until(() -> closing.getState() == Thread.State.BLOCKED || table.closed > 0);
            assertEquals(0, table.closed);
        };
        assertTrue(process.alive());
        closing.join(60_000);
        assertEquals(1, table.closed);
        assertFalse(process.alive());
    }

    private PinnedProcess pin(int pid) throws Exception {
        Fact<PinnedProcess> fact = pinner.pin(pid);
        return fact.value().orElseThrow(() -> new AssertionError(fact.absence()));
    }

    private static Fact<PinnedProcess> absent(String reason) {
        return Fact.absent(Grade.OBSERVED, reason);
    }
}
