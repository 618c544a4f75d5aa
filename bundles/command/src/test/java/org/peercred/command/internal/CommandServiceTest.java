/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.testing.Logged;
import org.peercred.credentials.Peer;
import org.peercred.service.CommandCall;
import org.peercred.service.CommandException;
import org.peercred.testing.FakeConnection;

@Timeout(120)
class CommandServiceTest {

    private final CommandService service = new CommandService();

    @BeforeEach
    void publish_an_echo() {
        publish("say", call -> call.reply(call.arguments()));
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    private FakeReference publish(String name, FakeCommand.Body body) {
        return publish(new FakeCommand(name, body), 0);
    }

    private FakeReference publish(FakeCommand command, int ranking) {
        FakeReference reference = new FakeReference(ranking);
        service.bindCommands(reference, command);
        return reference;
    }

    private Client client(String... grants) {
        return new Client(service, 1001, grants);
    }

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
    void hands_over_what_follows_the_name_without_blanks_around_it() {
        Client client = client("say");
        assertEquals("hello  world\nok\n", client.ask("  say \t hello  world \r"));
        assertEquals("grüße\nok\n", client.ask("say grüße"));
        assertEquals("\nok\n", client.ask("say"));
    }

    @Test
    void a_text_that_a_command_repeats_does_not_end_its_reply_early() {
        Client client = client("say");
        assertEquals(" ok\nok\n", client.ask("say ok"));
        assertEquals(" error: permission denied: view\nok\n", client.ask("say error: permission denied: view"));
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

    @Test
    void runs_commands_away_from_the_loop() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        publish("where", call -> ran.set(Thread.currentThread()));
        assertEquals("ok\n", client("where").ask("where"));
        assertNotEquals(Thread.currentThread(), ran.get());
        assertTrue(ran.get().isDaemon());
        assertTrue(
                ran.get().getName().startsWith("peercred-command-"), ran.get().getName());
    }

    @Test
    void lets_a_slow_command_delay_no_other_connection() {
        CountDownLatch end = new CountDownLatch(1);
        publish("sleep", call -> CommandThreadsTest.awaitEnd(end));
        List<CompletableFuture<String>> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(client("sleep").send("sleep"));
        }
        Client other = client("say", "help");
        assertEquals("hello\nok\n", other.ask("say hello"));
        assertTrue(other.ask("help").endsWith("ok\n"));
        slow.forEach(answer -> assertFalse(answer.isDone()));
        end.countDown();
        slow.forEach(answer -> assertEquals("ok\n", Client.await(answer)));
    }

    /** A service with one thread, which is taken until told otherwise. */
    private static final class Narrow implements AutoCloseable {
        final CommandService narrow = new CommandService(CommandThreadsTest.limits(1, 1));
        final CountDownLatch end = new CountDownLatch(1);
        final CompletableFuture<String> first;

        Narrow(FakeCommand.Body halt) {
            narrow.bindCommands(
                    new FakeReference(0), new FakeCommand("sleep", call -> CommandThreadsTest.awaitEnd(end)));
            narrow.bindCommands(new FakeReference(0), new FakeCommand("halt", halt));
            first = new Client(narrow, 1, "sleep").send("sleep");
        }

        void letFirstEnd() {
            end.countDown();
            assertEquals("ok\n", Client.await(first));
        }

        @Override
        public void close() {
            end.countDown();
            narrow.stop();
        }
    }

    @Test
    void what_waits_is_dropped_as_soon_as_its_connection_ends() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client revoked = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = revoked.send("halt");
            revoked.disconnect();
            assertEquals("error: the connection ended before the command's turn came\n", Client.await(second));
            assertEquals("error", revoked.recorded().details().get("result"));
            assertEquals(1, service.narrow.threads().users());
            service.letFirstEnd();
            assertEquals("ok\n", new Client(service.narrow, 3, "halt").ask("halt"));
            assertEquals(1, runs.get());
        }
    }

    @Test
    void what_waited_is_decided_again_when_its_turn_comes() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client client = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = client.send("halt now");
            client.revoke("halt");
            service.letFirstEnd();
            assertEquals("error: permission denied: halt\n", Client.await(second));
            assertEquals(0, runs.get());
            FakeConnection.Recorded denied = client.recorded();
            assertEquals("denied", denied.details().get("result"));
            assertEquals(FakeConnection.DENIED, denied.decision().reason());
            assertEquals("now", denied.details().get("args"));
        }
    }

    @Test
    void what_waited_runs_with_the_roles_of_the_moment_in_which_it_runs() {
        try (Narrow service = new Narrow(call -> call.reply(String.join(",", call.roles())))) {
            Client client = new Client(service.narrow, 2, "halt");
            client.connection.rolesFrom(() -> Set.of("before"));
            CompletableFuture<String> second = client.send("halt");
            client.connection.rolesFrom(() -> Set.of("after"));
            service.letFirstEnd();
            assertEquals("after\nok\n", Client.await(second));
        }
    }

    @Test
    void what_waited_is_not_run_where_nobody_can_tell_the_roles_any_more() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client client = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = client.send("halt");
            client.connection.rolesFrom(() -> {
                throw new IllegalStateException("half gone");
            });
            service.letFirstEnd();
            assertEquals("error: the command failed\n", Client.await(second));
            assertEquals(0, runs.get());
        }
    }

    @Test
    void tells_a_command_who_called() {
        CompletableFuture<CommandCall> seen = new CompletableFuture<>();
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Peer> later = new CompletableFuture<>();
        publish("look", call -> {
            seen.complete(call);
            CommandThreadsTest.awaitEnd(end);
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

    @Test
    void takes_the_command_with_the_highest_ranking_and_says_so() {
        FakeReference low = publish(new FakeCommand("twice", call -> call.reply("low")), 1);
        FakeReference high = publish(new FakeCommand("twice", call -> call.reply("high")), 2);
        Client client = client("twice");
        assertEquals("high\nok\n", client.ask("twice"));
        assertEquals(
                1, Logged.lines("WARN", "Several commands are called twice").size());
        low.ranking = 3;
        service.updatedCommands(low);
        assertEquals("low\nok\n", client.ask("twice"));
        service.unbindCommands(low);
        assertEquals("high\nok\n", client.ask("twice"));
        service.unbindCommands(high);
        assertEquals("error: unknown command: twice\n", client.ask("twice"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "whoami"})
    void lets_nobody_take_the_name_of_its_own_commands(String name) {
        publish(new FakeCommand(name, call -> call.reply("forged")), 100);
        assertFalse(client(name).ask(name).contains("forged"));
        assertEquals(
                1,
                Logged.lines("WARN", "the name " + name + " belongs to the command service")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "two words", "-x", "1x", "a_b"})
    void leaves_out_a_command_with_a_name_that_nobody_could_type_or_grant(String name) {
        publish(name, call -> {});
        assertEquals(Set.of("say"), service.commands().keySet());
    }

    @Test
    void leaves_out_a_command_that_cannot_tell_its_name() {
        publish(null, call -> {});
        service.bindCommands(new FakeReference(0), new org.peercred.service.PeerCommand() {
            @Override
            public String name() {
                throw new IllegalStateException("not yet");
            }

            @Override
            public String description() {
                return "";
            }

            @Override
            public void run(CommandCall call) {}
        });
        assertEquals(Set.of("say"), service.commands().keySet());
    }
}
