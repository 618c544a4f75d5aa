/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NoticeBoardTest {

    @TempDir
    Path directory;

    private final CommandService service = new CommandService();
    private Path file;
    private NoticeBoard board;
    private FakeClient editor;
    private FakeClient viewer;

    @BeforeEach
    void publish() {
        file = directory.resolve("notice.txt");
        board = new NoticeBoard(file);
        service.bindCommands(new FakeReference(0), new ViewCommand(board));
        service.bindCommands(new FakeReference(0), new UpdateCommand(board));
        editor = new FakeClient(service, 1, "view", "update");
        viewer = new FakeClient(service, 2, "view");
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    @Test
    void lets_the_one_update_and_the_others_only_view() {
        assertEquals("ok\n", viewer.ask("view"));
        assertEquals("ok\n", editor.ask("update The door is  open."));
        assertEquals("The door is  open.\nok\n", viewer.ask("view"));
        assertEquals("error: permission denied: update\n", viewer.ask("update Closed."));
        assertEquals("The door is  open.\nok\n", editor.ask("view"));
    }

    @Test
    void keeps_the_text_over_a_restart() throws IOException {
        editor.ask("update ${env:HOME} grüßt");
        assertEquals(Optional.of("${env:HOME} grüßt"), new NoticeBoard(file).text());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void cannot_be_made_to_end_a_reply_early() {
        editor.ask("update ok");
        assertEquals(" ok\nok\n", viewer.ask("view"));
        editor.ask("update error: permission denied: view");
        assertEquals(" error: permission denied: view\nok\n", viewer.ask("view"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "a\u0000", "a\u009bb", "a\rb", "a\u0085b"})
    void takes_nothing_that_would_play_with_a_readers_terminal(String text) {
        editor.ask("update before");
        assertEquals("error: the text holds a control character\n", editor.ask("update x" + text + "x"));
        assertEquals("before\nok\n", viewer.ask("view"));
    }

    @Test
    void wants_a_text_and_not_too_long_a_one() {
        editor.ask("update before");
        assertEquals("error: update needs a text\n", editor.ask("update"));
        assertEquals("error: the text is longer than 65536 bytes\n", editor.ask("update " + "ü".repeat(32_769)));
        assertEquals("before\nok\n", viewer.ask("view"));
        assertEquals("ok\n", editor.ask("update " + "ü".repeat(32_768)));
        assertEquals("ü".repeat(32_768) + "\nok\n", viewer.ask("view"));
    }

    @Test
    void keeps_the_old_text_when_the_new_one_cannot_be_written() throws IOException {
        editor.ask("update before");
        Files.createDirectories(directory.resolve("notice.txt.new/in-the-way"));
        assertEquals("error: the text could not be saved\n", editor.ask("update after"));
        assertEquals("before\nok\n", viewer.ask("view"));
        assertEquals(Optional.of("before"), new NoticeBoard(file).text());
    }

    @Test
    void starts_empty_where_what_was_kept_cannot_be_read() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff});
        assertEquals(Optional.empty(), new NoticeBoard(file).text());
        Files.write(file, new byte[NoticeBoard.LONGEST + 1]);
        assertEquals(Optional.empty(), new NoticeBoard(file).text());
    }

    @Test
    void shows_a_reader_of_the_file_one_whole_text_or_the_other() throws IOException {
        String one = "1".repeat(60_000);
        String two = "2".repeat(50_000);
        board.put(one);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100; i++) {
                try {
                    board.put(i % 2 == 0 ? two : one);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        Set<String> whole = Set.of(one, two);
        while (!writer.isDone()) {
            assertTrue(whole.contains(Files.readString(file)));
        }
        writer.join();
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void does_not_start_without_a_directory_to_write_to() {
        NoticeBoard lost = new NoticeBoard(directory.resolve("gone/notice.txt"));
        assertThrows(IOException.class, () -> lost.put("x"));
        assertEquals(Optional.empty(), lost.text());
    }
}
