/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.board.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.service.CommandException;
import org.peercred.service.PeerCommand;
import org.peercred.testing.FakeCall;

@Timeout(120)
class NoticeBoardTest {

    @TempDir
    Path directory;

    private Path file;
    private NoticeBoard board;
    private ViewCommand view;
    private UpdateCommand update;

    @BeforeEach
    void hang() {
        file = directory.resolve("notice.txt");
        board = new NoticeBoard(file);
        view = new ViewCommand(board);
        update = new UpdateCommand(board);
    }

    private String update(String text) {
        return String.join("\n", run(update, text));
    }

    private List<String> view() {
        return run(view, "");
    }

    private static List<String> run(PeerCommand command, String arguments) {
        return assertDoesNotThrow(() -> FakeCall.with(arguments).run(command));
    }

    /** Why a command fails, which then replies nothing. */
    private static String failure(PeerCommand command, String arguments) {
        FakeCall call = FakeCall.with(arguments);
        CommandException failure = assertThrows(CommandException.class, () -> call.run(command));
        assertEquals(List.of(), call.lines());
        return failure.getMessage();
    }

    @Test
    void shows_what_was_put_up_last_and_nothing_before_that() {
        assertEquals(List.of(), view());
        assertEquals("", update("The door is  open."));
        assertEquals(List.of("The door is  open."), view());
        assertEquals("", update("Closed."));
        assertEquals(List.of("Closed."), view());
    }

    @Test
    void keeps_the_text_over_a_restart() throws IOException {
        update("${env:HOME} grüßt");
        assertEquals(Optional.of("${env:HOME} grüßt"), new NoticeBoard(file).text());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shows_nothing_that_would_play_with_a_readers_terminal_whatever_is_in_the_file() throws IOException {
        Files.writeString(file, "a\u202eb\u009bc");
        assertEquals(Optional.of("a?b?c"), new NoticeBoard(file).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "a\u0000", "a\u009bb", "a\rb", "a\u0085b", "\u202egnp", "\u200b", "\u2028"})
    void takes_nothing_that_would_play_with_a_readers_terminal(String text) {
        update("before");
        assertEquals("the text holds a character that cannot be seen", failure(update, "x" + text + "x"));
        assertEquals(List.of("before"), view());
    }

    @Test
    void wants_a_text_and_not_too_long_a_one() {
        update("before");
        assertEquals("update needs a text", failure(update, ""));
        assertEquals("the text is longer than 65536 bytes", failure(update, "ü".repeat(32_769)));
        assertEquals(List.of("before"), view());
        update("ü".repeat(32_768));
        assertEquals(List.of("ü".repeat(32_768)), view());
    }

    @Test
    void keeps_the_old_text_when_the_new_one_cannot_be_written() throws IOException {
        update("before");
        Files.createDirectories(directory.resolve("notice.txt.new/in-the-way"));
        assertEquals("the text could not be saved", failure(update, "after"));
        assertEquals(List.of("before"), view());
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
