/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

/** Which file is written to, whatever became of the one before; one that is not ours is left alone. */
@Timeout(120)
class FileLogPathTest extends FileLogFixture {

    @Test
    void begins_a_new_file_within_a_second_when_it_is_moved_away() throws Exception {
        write("one");
        Path moved = path.resolveSibling("moved");
        Files.move(path, moved);
        later();
        write("two");
        assertEquals(List.of("two"), lines());
        assertEquals(List.of("one"), Files.readAllLines(moved));
    }

    @Test
    void goes_over_to_a_file_that_was_put_in_its_place() throws Exception {
        write("one");
        Files.move(path, path.resolveSibling("moved"));
        Files.writeString(path, "theirs\n");
        later();
        write("two");
        assertEquals(List.of("theirs", "two"), lines());
    }

    @Test
    void makes_the_directory_again_when_it_was_deleted() throws Exception {
        write("one");
        Temporary.delete(path.getParent());
        later();
        write("two");
        assertEquals(List.of("two"), lines());
    }

    @Test
    void does_not_follow_a_symbolic_link_and_says_so_once() throws Exception {
        Path target = directory.resolve("target");
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, target);
        LogFile said = new LogFile();
        for (int i = 0; i < 5; i++) {
            assertFalse(write("secret " + i));
            later();
        }
        assertFalse(Files.exists(target));
        String sentence = "The audit cannot be written to " + path
                + ": it is a symbolic link, which is not followed. Events that find no room meanwhile are lost, and counted.";
        assertEquals(1, said.count(sentence), said.text());
        Files.delete(path);
        assertTrue(log.flush());
        assertEquals(5, lines().size());
        assertEquals(
                1,
                said.count("The audit is written again to " + path + ", after 5000 ms; events lost: 0."),
                said.text());
    }

    @Test
    void does_not_wait_for_the_reader_of_a_pipe() throws Exception {
        Files.createDirectories(path.getParent());
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        assertFalse(write("x"));
        assertEquals(path + ": it is no regular file", log.state());
        Files.delete(path);
    }

    @Test
    void does_not_write_to_a_device() throws Exception {
        log.use(new FileSettings(Path.of("/dev/full"), 0, 1, false));
        assertFalse(write("x"));
        assertEquals("/dev/full: it is no regular file", log.state());
    }

    @Test
    void does_not_write_to_a_file_that_a_stranger_put_there() throws Exception {
        ThisProcess.needsRoot("a file of another user");
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        Files.setAttribute(path, "unix:uid", 61001);
        assertFalse(write("secret"));
        assertEquals(path + ": it belongs to the user 61001", log.state());
        assertEquals(0, Files.size(path));
    }

    @Test
    void does_not_write_on_to_a_file_whose_directory_has_become_something_else() throws Exception {
        write("one");
        Path away = directory.resolve("away");
        Files.move(path.getParent(), away);
        Files.createFile(path.getParent());
        later();
        assertFalse(write("two"));
        assertEquals(List.of("one"), Files.readAllLines(away.resolve("audit.log")));
        Files.delete(path.getParent());
        later();
        assertTrue(log.flush());
        assertEquals(List.of("two"), lines());
    }
}
