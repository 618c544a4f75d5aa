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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/writing-a-service.md shows the examples as they are, and says of the service what is so. */
@Timeout(60)
class DocumentationTest {

    private static final Path TOP = Path.of("").toAbsolutePath().getParent().getParent();
    private static final Pattern SHOWN =
            Pattern.compile("^\\[[^]]+]\\(([^)]+)\\)\n\n```\\w+\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LICENCE = Pattern.compile("\\A/\\*.*?\\*/\n", Pattern.DOTALL);

    private final String page = read("docs/writing-a-service.md");

    private static String read(String file) {
        try {
            return Files.readString(TOP.resolve(file));
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read.", e);
        }
    }

    @Test
    void shows_the_examples_as_they_are() {
        List<String> shown = new ArrayList<>();
        Matcher matcher = SHOWN.matcher(page);
        while (matcher.find()) {
            String source = LICENCE.matcher(read("docs/" + matcher.group(1))).replaceFirst("");
            assertEquals(source.stripTrailing(), matcher.group(2), matcher.group(1));
            shown.add(matcher.group(1));
        }
        assertEquals(
                List.of(
                        "examples/uptime-command/src/main/java/org/example/uptime/UptimeCommand.java",
                        "examples/uptime-command/pom.xml",
                        "examples/time-service/src/main/java/org/example/time/TimeService.java"),
                shown);
    }

    @Test
    void says_how_the_second_project_differs_from_the_first() {
        assertEquals(
                read("docs/examples/uptime-command/pom.xml").replace("uptime-command", "time-service"),
                read("docs/examples/time-service/pom.xml"));
    }

    @Test
    void names_the_limits_and_the_answers_as_they_are() {
        CommandThreads.Limits limits = CommandThreads.Limits.USUAL;
        assertTrue(page.contains(limits.total() + " commands run at a time, " + limits.perUser() + " of them for one"));
        assertTrue(page.contains("waits for up to " + limits.patience().toSeconds() + " seconds"));
        assertTrue(page.contains("commands have " + limits.grace().toSeconds() + " seconds to end"));
        assertTrue(page.contains(ReplyText.LONGEST / 1024 / 1024 + " MiB in all"));
        for (String answer : List.of(
                Answers.BUSY,
                Answers.STOPPING,
                Answers.FAILED,
                Answers.NO_TEXT,
                Answers.NO_COMMAND,
                Answers.denied("NAME"),
                Answers.unknown("NAME"))) {
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
