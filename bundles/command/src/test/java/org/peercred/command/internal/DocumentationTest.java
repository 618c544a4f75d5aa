/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/writing-a-service.md says of the command service what is so. */
@Timeout(120)
class DocumentationTest {

    private static final Path TOP = Path.of("").toAbsolutePath().getParent().getParent();

    private final String page = read("docs/writing-a-service.md");

    private static String read(String file) {
        try {
            return Files.readString(TOP.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read.", e);
        }
    }

    @Test
    void names_the_limits_and_the_answers_as_they_are() {
        CommandThreads.Limits limits = CommandThreads.Limits.USUAL;
        assertTrue(page.contains(limits.total() + " commands run at a time, " + limits.perUser() + " of them for one"));
        assertTrue(page.contains("waits for up to " + limits.patience().toSeconds() + " seconds"));
        assertTrue(page.contains("commands have " + limits.grace().toSeconds() + " seconds to end"));
        assertTrue(page.contains(ReplyText.LONGEST / 1024 / 1024 + " MiB in all"));
        for (String answer : List.of(
                ErrorMessages.BUSY,
                ErrorMessages.STOPPING,
                ErrorMessages.FAILED,
                ErrorMessages.NO_TEXT,
                ErrorMessages.NO_COMMAND,
                ErrorMessages.denied("NAME"),
                ErrorMessages.unknown("NAME"))) {
            assertTrue(page.contains("`error: " + answer + "`"), answer);
        }
    }

    @Test
    void tells_clients_how_to_get_a_text_back_as_it_was() {
        Pattern taught = Pattern.compile("\\^ \\+\\(ok \\*\\$\\|error:\\)");
        assertTrue(taught.matcher(page).find());
        Pattern padded = Pattern.compile("^ +(ok *$|error:)");
        for (String line : List.of(
                "ok",
                " ok",
                "   ok",
                "ok ",
                "\tok",
                "ok\t",
                "error: x",
                "  error:x",
                "okay",
                " a",
                "",
                "an error: x")) {
            ReplyText reply = new ReplyText();
            reply.lines(line);
            String sent = new String(reply.ok(), java.nio.charset.StandardCharsets.UTF_8).split("\n", 2)[0];
            assertFalse(sent.equals("ok") || sent.startsWith("error: "), line);
            assertEquals(line, padded.matcher(sent).find() ? sent.substring(1) : sent);
        }
    }
}
