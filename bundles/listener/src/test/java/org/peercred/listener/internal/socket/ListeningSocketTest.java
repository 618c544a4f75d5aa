/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.ThisProcess;

/** What a socket does with its own file and with its descriptor. */
@Timeout(120)
class ListeningSocketTest extends SocketFixture {

    @Test
    void removes_only_its_own_file_when_it_closes() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Files.delete(path);
        Files.writeString(path, "somebody else's");
        assertFalse(socket.isInPlace());
        socket.close();
        assertEquals("somebody else's", Files.readString(path));
    }

    @Test
    void leaves_the_socket_of_another_program_that_took_its_place() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Files.delete(path);
        try (Python other = other("s.listen(5)")) {
            assertEquals("ready", other.line());
            assertThrows(SocketPathException.class, () -> socket.apply(mode(0666)));
            socket.close();
            Client.connect(path).close();
        }
    }

    @Test
    void changes_no_other_file_that_took_its_place() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        Path precious = Files.writeString(directory.resolve("precious"), "x");
        Files.setPosixFilePermissions(precious, PosixFilePermissions.fromString("rw-------"));
        Files.delete(path);
        Files.createSymbolicLink(path, precious);
        assertThrows(SocketPathException.class, () -> socket.apply(mode(0666)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(precious)));
        socket.close();
        assertTrue(Files.isSymbolicLink(path));
    }

    @Test
    void says_that_the_directory_is_missing() {
        path = directory.resolve("missing/socket");
        assertRefused(path + " cannot be bound: No such file or directory");
    }

    @Test
    void binds_the_longest_path_that_the_kernel_takes() throws Exception {
        path = directory.resolve("x".repeat(107 - directory.toString().length() - 1));
        assertEquals(107, path.toString().length());
        ListeningSocket socket = bind(mode(0600));
        assertTrue(socket.isInPlace());
        try (Python client = Python.run(path, "connect(); print('connected')")) {
            assertEquals("connected", client.line());
        }
        socket.close();
    }

    @Test
    void leaks_no_descriptor_over_many_bindings() throws Exception {
        bind(mode(0600)).close();
        int before = ThisProcess.descriptors();
        for (int i = 0; i < 100; i++) {
            bind(mode(0600)).close();
        }
        Files.writeString(path, "in the way");
        for (int i = 0; i < 100; i++) {
            assertThrows(SocketPathException.class, () -> bind(mode(0600)));
        }
        ThisProcess.awaitDescriptors(before);
    }

    @Test
    void the_descriptor_is_not_handed_to_other_programs() throws Exception {
        ListeningSocket socket = bind(mode(0600));
        String flags = Files.readString(Path.of("/proc/self/fdinfo/" + socket.descriptor()))
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow()
                .replaceFirst("flags:\\s*", "");
        int closeOnExec = 02000000;
        assertEquals(closeOnExec, Integer.parseInt(flags, 8) & closeOnExec, flags);
        socket.close();
    }
}
