/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peercred.common.testing.Logged;
import org.peercred.service.CommandException;

/** What a command says, or how it fails. */
@Timeout(120)
class CommandReplyTest extends CommandFixture {

    @Test
    void answers_with_the_commands_lines_and_ok() {
        publish("count", call -> {
            call.reply("one");
            call.reply("two\r\nthree\rfour\n");
            call.reply("");
        });
        assertEquals("one\ntwo\nthree\nfour\n\nok\n", client("count").ask("count"));
    }

    @Test
    void a_text_that_a_command_repeats_does_not_end_its_reply_early() {
        Client client = client("say");
        assertEquals(" ok\nok\n", client.ask("say ok"));
        assertEquals(" error: permission denied: view\nok\n", client.ask("say error: permission denied: view"));
    }

    @ParameterizedTest
    @CsvSource({
        "ok,' ok'",
        "' ok','  ok'",
        "error: x,' error: x'",
        "'  error: x','   error: x'",
        "error:,' error:'",
        "okay,okay",
        "an error: x,an error: x",
        "OK,OK"
    })
    void lets_no_line_of_a_reply_be_taken_for_its_end(String line, String sent) {
        publish("tell", call -> call.reply("first\n" + line));
        assertEquals("first\n" + sent + "\nok\n", client("tell").ask("tell"));
    }

    @Test
    void answers_with_the_reason_that_a_command_gives() {
        publish("tell", call -> {
            call.reply("before");
            throw new CommandException("no such door\nok\u001b");
        });
        assertEquals("before\nerror: no such door ok?\n", client("tell").ask("tell"));
    }

    @Test
    void what_a_failed_command_says_can_do_no_harm_where_the_log_is_read() {
        publish("spoof", call -> {
            throw new IllegalStateException("spoofed \u009b2J\u202egnp\u200b\u2028" + call.arguments());
        });
        assertEquals("error: the command failed\n", client("spoof").ask("spoof a\u009bb"));
        assertEquals(1, Logged.lines("WARN", "spoofed ?2J?gnp? a?b").size());
    }

    @Test
    void survives_a_command_that_fails_and_keeps_the_stack_out_of_the_log() {
        publish("fail", call -> {
            throw new IllegalStateException("a test of\nfailing");
        });
        publish("lack", call -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });
        Client client = client("fail", "lack", "say");
        assertEquals("error: the command failed\n", client.ask("fail"));
        assertEquals("error: the command failed\n", client.ask("lack"));
        assertEquals("still here\nok\n", client.ask("say still here"));
        assertEquals(
                1,
                Logged.lines(
                                "WARN",
                                "Command fail failed",
                                "a test of failing, at " + getClass().getName() + ".")
                        .size());
        assertEquals(0, Logged.lines("\tat org.peercred.command").size());
    }

    @Test
    void bounds_what_a_command_may_say() {
        publish("flood", call -> {
            String line = "x".repeat(100_000);
            while (true) {
                call.reply(line);
            }
        });
        assertEquals("error: the reply is too long\n", client("flood").ask("flood"));
        publish("deaf", call -> {
            try {
                call.reply("x".repeat(ReplyText.LONGEST));
            } catch (RuntimeException e) {
                // Goes on as if nothing had happened.
            }
        });
        assertEquals("error: the reply is too long\n", client("deaf").ask("deaf"));
    }
}
