/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.credentials.Peer;
import org.peercred.service.CommandCall;

/** Who may run which command, and what is made of a line. */
@Timeout(120)
class CommandServiceTest extends CommandFixture {

    @Test
    void hands_over_what_follows_the_name_without_blanks_around_it() {
        Client client = client("say");
        assertEquals("hello  world\nok\n", client.ask("  say \t hello  world \r"));
        assertEquals("grüße\nok\n", client.ask("say grüße"));
        assertEquals("\nok\n", client.ask("say"));
    }

    @Test
    void runs_no_command_without_a_grant_help_and_whoami_included() {
        AtomicInteger runs = new AtomicInteger();
        publish("halt", call -> runs.incrementAndGet());
        Client client = client("say");
        for (String name : List.of("halt", "help", "whoami")) {
            assertEquals("error: permission denied: " + name + "\n", client.ask(name + " now"));
        }
        assertEquals(0, runs.get());
    }

    @Test
    void says_that_an_unknown_command_is_unknown_whatever_is_granted() {
        assertEquals("error: unknown command: sya\n", client("say").ask("sya hello"));
        assertEquals("error: unknown command: sya\n", client("sya", "*").ask("sya hello"));
        assertEquals("error: unknown command: sya\n", client().ask("sya hello"));
    }

    @ParameterizedTest
    @CsvSource({
        "SAY,SAY",
        "say\u0007x,say?x",
        "say\u0000x,say?x",
        "say\u001b[31m,say?[31m",
        "säy,s?y",
        "say\u202e,say?",
        "*,*",
        "command:say,command:say"
    })
    void shows_a_name_that_is_none_in_harmless_characters(String typed, String shown) {
        assertEquals(
                "error: unknown command: " + shown + "\n",
                client("say", "*", typed).ask(typed + " x"));
    }

    @Test
    void shows_no_more_than_the_beginning_of_a_long_name() {
        assertEquals("error: unknown command: " + "x".repeat(64) + "\n", client().ask("x".repeat(60_000)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t \r"})
    void answers_an_empty_line_too(String line) {
        assertEquals("error: no command\n", client("say").ask(line));
    }

    @Test
    void refuses_bytes_that_are_no_text_and_goes_on() {
        Client client = client("say");
        byte[] line = "say x".getBytes(StandardCharsets.US_ASCII);
        line[4] = (byte) 0xff;
        assertEquals("error: the line is not UTF-8\n", Client.await(client.send(line)));
        assertEquals("x\nok\n", client.ask("say x"));
    }

    @Test
    void takes_the_replacement_character_as_text_but_not_beside_bytes_that_are_none() {
        Client client = client("say");
        assertEquals("a\ufffdb\nok\n", client.ask("say a\ufffdb"));
        byte[] line = "say \ufffdx".getBytes(StandardCharsets.UTF_8);
        line[line.length - 1] = (byte) 0xc3;
        assertEquals("error: the line is not UTF-8\n", Client.await(client.send(line)));
    }

    @Test
    void decides_about_each_command_anew() {
        Client client = client("say");
        assertEquals("a\nok\n", client.ask("say a"));
        client.revoke("say");
        assertEquals("error: permission denied: say\n", client.ask("say b"));
        client.grant("say");
        assertEquals("c\nok\n", client.ask("say c"));
    }

    @Test
    void takes_a_command_named_connect_for_a_command() {
        publish("connect", call -> call.reply("connected"));
        assertEquals("connected\nok\n", client("connect").ask("connect"));
        assertEquals("error: permission denied: connect\n", client().ask("connect"));
    }

    @Test
    void lists_what_the_caller_may_run() {
        publish("halt", call -> {});
        assertEquals(
                """
                help  lists the commands that you may run
                say   is a test of say
                ok
                """,
                client("help", "say", "unpublished").ask("help"));
        assertEquals(
                "help  lists the commands that you may run\nok\n",
                client("help").ask("help"));
    }

    @Test
    void tells_who_the_caller_is() {
        Client client = client("whoami");
        client.connection.rolesFrom(() -> Set.of("viewer", "editor"));
        assertEquals(
                """
                uid 1001
                gid 50
                groups 50, 100
                pid 4242
                label unknown: no security module labels sockets
                roles editor, viewer
                ok
                """,
                client.ask("whoami"));
        client.connection.rolesFrom(Set::of);
        assertTrue(client.ask("whoami").contains("\nroles none\n"));
        assertEquals(0, client.peer.processAsked());
    }

    @Test
    void tells_a_command_the_roles_that_the_connection_has() {
        publish("roles", call -> call.reply(String.join(",", call.roles())));
        Client client = client("roles");
        client.connection.rolesFrom(() -> Set.of("viewer"));
        assertEquals("viewer\nok\n", client.ask("roles"));
    }

    @Test
    void tells_a_command_who_called() {
        CompletableFuture<CommandCall> seen = new CompletableFuture<>();
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Peer> later = new CompletableFuture<>();
        publish("look", call -> {
            seen.complete(call);
            CommandThreadsFixture.awaitEnd(end);
            later.complete(call.peer());
            call.reply(String.valueOf(call.peer().groups().value().orElseThrow().size()));
        });
        Client client = client("look");
        client.connection.rolesFrom(() -> Set.of("r1001"));
        CompletableFuture<String> answer = client.send("look at me");
        CommandCall call = seen.join();
        assertEquals(Set.of("r1001"), call.roles());
        assertEquals("command", call.listener());
        assertEquals("at me", call.arguments());
        assertEquals(1001, call.peer().uid());
        assertEquals(50, call.peer().gid());
        assertEquals(4242, call.peer().pid().getAsInt());
        client.disconnect();
        end.countDown();
        assertEquals("2\nok\n", Client.await(answer));
        assertEquals(Optional.empty(), later.join().process().value());
        assertEquals(0, client.peer.processAsked());
    }
}
