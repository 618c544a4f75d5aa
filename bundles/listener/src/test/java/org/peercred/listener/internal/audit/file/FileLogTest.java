/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written is whole lines, each once. */
@Timeout(120)
class FileLogTest extends FileLogFixture {

    @Test
    void makes_the_file_and_its_directory_before_there_is_a_line_and_for_owner_and_group_alone() throws Exception {
        assertTrue(log.flush());
        assertEquals(0, Files.size(path));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void writes_many_lines_in_one_call_and_adds_to_what_is_there() throws Exception {
        write("one", "two", "drei: \u00fc\u20ac");
        assertEquals(1, disk.writes.get());
        log.close();
        write("four");
        assertEquals(List.of("one", "two", "drei: \u00fc\u20ac", "four"), lines());
    }

    @Test
    void a_path_may_have_any_character() throws Exception {
        path = directory.resolve("a b%41\u00fc").resolve("aud\u0131t \u20ac.log");
        log.use(new FileSettings(path, 0, 1, false));
        write("here");
        assertEquals(List.of("here"), lines());
    }

    @Test
    void a_line_that_is_longer_than_all_that_is_kept_is_written() throws Exception {
        String longest = "x".repeat(3 * LineBuffer.SIZE);
        write("before", longest, "after");
        assertEquals(List.of("before", longest, "after"), lines());
    }

    @Test
    void no_line_waits_longer_than_a_moment_for_those_that_follow() throws Exception {
        log.append(bytes("first"), 1);
        later();
        log.append(bytes("second"), 1);
        assertEquals(List.of("first", "second"), lines());
    }

    @Test
    void leaves_no_hole_where_somebody_cut_the_file() throws Exception {
        write("one", "two");
        try (FileChannel other = FileChannel.open(path, StandardOpenOption.WRITE)) {
            other.truncate(0);
        }
        write("three");
        assertEquals("three\n", Files.readString(path));
    }

    @Test
    void ends_a_line_that_was_left_without_its_end() throws Exception {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "event=allo");
        write("whole");
        assertEquals(List.of("event=allo", "whole"), lines());
    }
}
