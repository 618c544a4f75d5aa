/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.LogFile;

/** A file that has its size is renamed, and so many are kept. */
@Timeout(120)
class FileLogRotationTest extends FileLogFixture {

    @Test
    void renames_the_file_when_it_has_its_size_and_keeps_so_many() throws Exception {
        log.use(new FileSettings(path, 130, 3, false));
        for (int i = 0; i < 20; i++) {
            write(i + " " + "x".repeat(57));
        }
        assertEquals(List.of("18", "19"), numbers(path));
        assertEquals(List.of("16", "17"), numbers(numbered(1)));
        assertEquals(List.of("14", "15"), numbers(numbered(2)));
        assertEquals(List.of("12", "13"), numbers(numbered(3)));
        assertFalse(Files.exists(numbered(4)));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    private Path numbered(int number) {
        return path.resolveSibling("audit.log." + number);
    }

    private static List<String> numbers(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    @Test
    void deletes_what_is_more_than_is_to_be_kept_and_fills_gaps() throws Exception {
        log.use(new FileSettings(path, 100, 2, false));
        write("x".repeat(90));
        Files.writeString(numbered(2), "2 second\n");
        Files.writeString(numbered(3), "3 third\n");
        write("y".repeat(90));
        assertTrue(Files.readString(numbered(1)).startsWith("x"));
        assertEquals(List.of("2"), numbers(numbered(2)));
        assertFalse(Files.exists(numbered(3)));
    }

    @Test
    void goes_on_in_a_file_that_cannot_be_renamed() throws Exception {
        log.use(new FileSettings(path, 100, 1, false));
        Files.createDirectories(numbered(1).resolve("in the way"));
        LogFile said = new LogFile();
        for (int i = 0; i < 10; i++) {
            assertTrue(write(i + " " + "x".repeat(90)));
        }
        assertEquals(10, lines().size());
        assertEquals(1, said.count("has its size and goes on growing, since it cannot be renamed: "), said.text());
    }
}
