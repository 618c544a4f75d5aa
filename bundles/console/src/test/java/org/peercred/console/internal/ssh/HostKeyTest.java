/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
