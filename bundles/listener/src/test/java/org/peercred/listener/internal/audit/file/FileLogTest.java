/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

/** Whatever happens to the file, what is written is whole lines, each once, and what could not be is known. */
@Timeout(120)
class FileLogTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final FailingDisk disk = new FailingDisk();
    private final AtomicLong clock = new AtomicLong();
    private final FileLog log = new FileLog(() -> disk, clock::get);
    private Path directory;
    private Path path;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
        path = directory.resolve("log").resolve("audit.log");
        log.use(new FileSettings(path, 0, 1, false));
    }

    @AfterEach
    void stop() throws Exception {
        disk.answer();
        log.close();
        Temporary.delete(directory);
    }

    private boolean write(String... lines) {
        for (String line : lines) {
            log.append(bytes(line), 1);
        }
        return log.flush();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(path);
    }

    private void later() {
        clock.addAndGet(SECOND);
    }

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

    private static LineBytes bytes(String line) {
        return new LineBytes().append(line);
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
