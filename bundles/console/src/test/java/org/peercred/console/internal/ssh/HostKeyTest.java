/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HostKeyTest {

    @TempDir
    private Path directory;

    @Test
    void it_stays_the_same_and_only_its_owner_may_read_it() throws Exception {
        Path file = directory.resolve("console.key");
        var made = HostKey.of(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(made.getPublic(), HostKey.of(file).getPublic());
        assertEquals(made.getPrivate(), HostKey.of(file).getPrivate());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void a_file_that_holds_none_is_replaced() throws Exception {
        Path file = directory.resolve("console.key");
        var made = HostKey.of(file);
        Files.writeString(file, "nonsense");
        assertNotEquals(made.getPublic(), HostKey.of(file).getPublic());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void a_key_that_others_may_know_is_replaced(String permissions) throws Exception {
        Path file = directory.resolve("console.key");
        var made = HostKey.of(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertNotEquals(made.getPublic(), HostKey.of(file).getPublic());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void a_key_that_its_owner_may_only_read_stays() throws Exception {
        Path file = directory.resolve("console.key");
        var made = HostKey.of(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertEquals(made.getPublic(), HostKey.of(file).getPublic());
    }

    @Test
    void a_key_of_another_users_is_refused() throws Exception {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        assumeTrue(root, "needs root: a file of another user's");
        Path file = directory.resolve("console.key");
        HostKey.of(file);
        Files.setAttribute(file, "unix:uid", 61_001);
        FileSystemException refusal = assertThrows(FileSystemException.class, () -> HostKey.of(file));
        assertTrue(
                refusal.getMessage().startsWith(file + ": it belongs to user 61001 and not to user 0, "),
                refusal.getMessage());
    }

    @Test
    void clients_are_told_the_key_and_how_to_connect() throws Exception {
        Path data = Files.createDirectory(directory.resolve("100% of it"));
        ClientFiles.write(data, HostKey.of(data.resolve("console.key")).getPublic());
        assertTrue(
                Files.readString(data.resolve("console.known_hosts")).startsWith("peercred ecdsa-sha2-nistp256 AAAA"));
        assertTrue(Files.readString(data.resolve("console.ssh_config")).contains("/100%% of it/console.sock'\n"));
    }

    @Test
    void a_directory_that_could_end_the_quotes_is_not_named() throws Exception {
        Path data = Files.createDirectory(directory.resolve("it's"));
        ClientFiles.write(data, HostKey.of(data.resolve("console.key")).getPublic());
        assertTrue(Files.exists(data.resolve("console.known_hosts")));
        assertFalse(Files.exists(data.resolve("console.ssh_config")));
    }
}
