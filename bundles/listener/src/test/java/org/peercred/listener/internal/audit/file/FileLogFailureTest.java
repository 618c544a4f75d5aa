/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.ThisProcess;

/** Whatever the disk does, no line is written twice, and what found no room is known. */
@Timeout(120)
class FileLogFailureTest extends FileLogFixture {

    @Test
    void finishes_a_line_that_a_full_disk_cut_short_and_loses_none_that_found_room() throws Exception {
        write("before");
        disk.room(3);
        assertFalse(write("first", "second"));
        assertEquals("before\nfir", Files.readString(path));
        disk.room(Long.MAX_VALUE);
        later();
        assertTrue(write("third"));
        assertEquals(List.of("before", "first", "second", "third"), lines());
    }

    @Test
    void writes_a_line_that_was_cut_short_once_more_where_the_file_has_gone() throws Exception {
        write("before");
        disk.room(3);
        assertFalse(write("first"));
        Files.move(path, path.resolveSibling("moved"));
        disk.room(Long.MAX_VALUE);
        later();
        assertTrue(log.flush());
        assertEquals(List.of("first"), lines());
    }

    @Test
    void gives_up_lines_that_find_no_room_and_does_not_try_again_for_each() throws Exception {
        write("before");
        disk.room(0);
        int kept = 0;
        while (kept < 100_000 && append(kept)) {
            kept++;
        }
        int tries = disk.writes.get();
        for (int i = 0; i < 1000; i++) {
            assertFalse(append(i));
        }
        assertEquals(tries, disk.writes.get());
        assertFalse(log.pauses());
        disk.room(Long.MAX_VALUE);
        later();
        assertTrue(log.flush());
        assertEquals(1 + kept, lines().size());
    }

    @Test
    void waits_where_the_settings_say_so_and_loses_nothing() throws Exception {
        FileLog real = new FileLog(() -> disk, System::nanoTime);
        real.use(new FileSettings(path, 0, 1, true));
        assertTrue(real.flush());
        disk.room(10);
        int count = 3 * LineBuffer.LINES;
        Thread writer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                real.append(bytes("line " + i), 1);
            }
        });
        writer.start();
        Awaitility.await().until(() -> real.pauses() && writer.getState() == Thread.State.TIMED_WAITING);
        assertEquals(path + ": No space left on device (ENOSPC)", real.state());
        disk.room(Long.MAX_VALUE);
        writer.join(60_000);
        assertEquals(0, real.close());
        assertFalse(real.pauses());
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            expected.add("line " + i);
        }
        assertEquals(expected, lines());
    }

    @Test
    void counts_what_is_left_when_it_is_closed_and_does_not_wait_any_more() throws Exception {
        log.use(new FileSettings(path, 0, 1, true));
        write("before");
        disk.room(4);
        assertFalse(log.append(bytes("folded"), 5) == 0);
        assertFalse(write("one"));
        log.stop();
        assertThrows(FileException.class, () -> {
            for (int i = 0; i < 2 * LineBuffer.LINES; i++) {
                log.append(bytes("x"), 0);
            }
        });
        assertEquals(6, log.close());
    }

    @Test
    void tells_that_a_disk_hangs_and_for_whom_nobody_is_to_wait() throws Exception {
        AtomicLong time = new AtomicLong();
        FileLog slow = new FileLog(() -> disk, time::get);
        slow.use(new FileSettings(path, 0, 1, false));
        slow.append(bytes("x"), 1);
        disk.hang();
        Thread writer = new Thread(slow::flush);
        writer.start();
        Awaitility.await().until(() -> disk.writes.get() == 1);
        assertTrue(slow.isWaitedFor());
        assertFalse(slow.hangs());
        time.addAndGet(6 * SECOND);
        assertTrue(slow.hangs());
        slow.use(new FileSettings(path, 0, 1, true));
        assertFalse(slow.hangs());
        LogFile said = new LogFile();
        disk.answer();
        writer.join(60_000);
        assertFalse(slow.isWaitedFor());
        assertEquals(
                1, said.count("The disk of the audit's file " + path + " did not answer for 6000 ms."), said.text());
        slow.close();
    }

    @Test
    void is_whole_again_whatever_fails_once() throws Exception {
        for (boolean throwing : new boolean[] {false, true}) {
            boolean failed = true;
            for (int which = 0; failed; which++) {
                Path file = directory.resolve(throwing + "-" + which);
                log.use(new FileSettings(file, 40, 100, false));
                disk.failAt(which, throwing);
                for (int i = 0; i < 10; i++) {
                    write("line " + i);
                    later();
                }
                failed = disk.disarm();
                assertTrue(log.flush());
                List<String> all = new ArrayList<>();
                for (int number = 100; number > 0; number--) {
                    Path before = file.resolveSibling(file.getFileName() + "." + number);
                    if (Files.exists(before)) {
                        all.addAll(Files.readAllLines(before));
                    }
                }
                all.addAll(Files.readAllLines(file));
                for (int i = 0; i < 10; i++) {
                    assertEquals("line " + i, all.get(i), "at " + which + ": " + all);
                }
                assertEquals(10, all.size(), all.toString());
                assertTrue(failed || which > 10);
            }
        }
        assertFalse(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    }

    /** With a disk that is really full. */
    @Test
    void outlives_a_full_disk() throws Exception {
        ThisProcess.needsRoot("mounting a small file system");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=64k", "peercred-test", small.toString());
        try {
            path = small.resolve("audit.log");
            log.use(new FileSettings(path, 0, 1, false));
            Path filler = Files.write(small.resolve("filler"), new byte[56 << 10]);
            int written = 0;
            while (write("line " + written + " " + "x".repeat(100))) {
                written++;
            }
            assertTrue(written > 10, written + " lines");
            assertEquals(path + ": No space left on device (ENOSPC)", log.state());
            Files.delete(filler);
            later();
            assertTrue(write("after"));
            assertEquals(written + 2, lines().size());
            assertTrue(lines().stream().allMatch(line -> line.matches("line \\d+ x{100}|after")));
            log.close();
        } finally {
            run("umount", small.toString());
        }
    }

    private static void run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    @Test
    void says_of_an_outage_that_lasts_even_where_another_was_told_of_just_before() throws Exception {
        LogFile said = new LogFile();
        disk.room(0);
        assertFalse(write("one"));
        disk.room(Long.MAX_VALUE);
        later();
        assertTrue(write("two"));
        disk.room(0);
        assertFalse(write("three"));
        assertEquals(1, said.count("The audit cannot be written to " + path), said.text());
        for (int i = 0; i < 15; i++) {
            later();
            assertFalse(log.flush());
        }
        assertEquals(2, said.count("The audit cannot be written to " + path), said.text());
    }

    @Test
    void says_so_when_an_outage_goes_on_for_another_reason() throws Exception {
        LogFile said = new LogFile();
        disk.room(0);
        assertFalse(write("one"));
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("/etc/passwd"));
        clock.addAndGet(20 * SECOND);
        assertFalse(log.flush());
        clock.addAndGet(20 * SECOND);
        assertFalse(log.flush());
        assertEquals(1, said.count(path + ": it is a symbolic link, which is not followed."), said.text());
    }

    private boolean append(int i) {
        try {
            log.append(bytes("line " + i), 1);
            return true;
        } catch (FileException e) {
            assertEquals(path + ": No space left on device (ENOSPC)", e.getMessage());
            return false;
        }
    }
}
