/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.NotifyReceiver;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class NotifySocketTest {

    private Path directory;
    private Path path;

    @BeforeEach
    void create() throws IOException {
        directory = Temporary.directory();
        path = directory.resolve("notify");
    }

    @AfterEach
    void delete() throws IOException {
        Temporary.delete(directory);
    }

    @Test
    void sends_each_message_whole_to_a_path() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.at(path.toString())) {
            NotifySocket socket = socket(path.toString());
            assertTrue(socket.send("READY=1\nSTATUS=für alle"));
            assertTrue(socket.send("WATCHDOG=1"));
            assertEquals("READY=1|STATUS=für alle", receiver.next());
            assertEquals("WATCHDOG=1", receiver.next());
        }
    }

    @Test
    void sends_to_an_abstract_name() throws Exception {
        String name = "@peercred-test-" + directory.getFileName();
        try (NotifyReceiver receiver = NotifyReceiver.at(name)) {
            assertTrue(socket(name).send("READY=1"));
            assertEquals("READY=1", receiver.next());
        }
    }

    @Test
    void says_once_that_nobody_is_there_and_once_that_somebody_is_again() throws Exception {
        LogFile log = new LogFile();
        NotifySocket socket = socket(path.toString());
        assertFalse(socket.send("READY=1"));
        assertFalse(socket.send("READY=1"));
        assertEquals(
                1,
                log.count("NOTIFY_SOCKET = " + path
                        + ": systemd cannot be told how this service is: ENOENT. It is tried again."));
        try (NotifyReceiver receiver = NotifyReceiver.at(path.toString())) {
            assertTrue(socket.send("READY=1"));
            assertTrue(socket.send("STATUS=x"));
            assertEquals("READY=1", receiver.next());
        }
        assertEquals(1, log.count("systemd is told again how this service is."));
    }

    @Test
    void never_waits_for_who_does_not_listen() throws Exception {
        try (NotifyReceiver receiver = NotifyReceiver.deaf(path.toString())) {
            NotifySocket socket = socket(path.toString());
            int sent = 0;
            while (socket.send("STATUS=" + sent)) {
                sent++;
            }
            assertTrue(sent > 0);
            receiver.listen();
            for (int i = 0; i < sent; i++) {
                assertEquals("STATUS=" + i, receiver.next());
            }
            assertTrue(socket.send("READY=1"));
            assertEquals("READY=1", receiver.next());
        }
    }

    @Test
    void leaves_no_descriptor_open() throws Exception {
        NotifySocket socket = socket(path.toString());
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 50; i++) {
            assertFalse(socket.send("READY=1"));
        }
        assertEquals(before, ThisProcess.descriptors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "notify", "vsock:2:1234", "./notify"})
    void refuses_what_is_no_address(String name) {
        assertEquals(
                "it is neither an absolute path nor an abstract name that begins with @",
                assertThrows(SocketPathException.class, () -> socket(name)).getMessage());
    }

    @Test
    void refuses_an_address_that_the_kernel_would_not_take_whole() throws Exception {
        assertEquals(
                "it has 108 bytes, the kernel takes 107 at most",
                assertThrows(SocketPathException.class, () -> socket("/" + "x".repeat(107)))
                        .getMessage());
        String longest = directory + "/" + "x".repeat(106 - directory.toString().length());
        try (NotifyReceiver receiver = NotifyReceiver.at(longest)) {
            assertTrue(Files.exists(Path.of(longest)));
            assertTrue(socket(longest).send("READY=1"));
            assertEquals("READY=1", receiver.next());
        }
    }

    private static NotifySocket socket(String name) throws SocketPathException {
        return NotifySocket.of(Server.LIBC, name);
    }
}
