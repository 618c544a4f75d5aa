/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.CommandException;
import org.peercred.testing.FakeConnection;

@Timeout(120)
class CommandAuditTest {

    private final CommandService service = new CommandService();
    private Client client;

    @BeforeEach
    void publish_commands() {
        publish(new FakeCommand("say", call -> {}));
        publish(new FakeCommand("secret", call -> {}).secret());
        publish(new FakeCommand("fail", call -> {
            throw new IllegalArgumentException("oops");
        }));
        publish(new FakeCommand("give-up", call -> {
            throw new CommandException("not today");
        }));
        client = new Client(service, 1001, "say", "secret", "fail", "give-up", "help");
    }

    @AfterEach
    void stop() {
        service.stop();
    }

    private void publish(FakeCommand command) {
        service.bindCommands(new FakeReference(0), command);
    }

    @Test
    void records_who_ran_what() {
        client.ask("say a \"b\"");
        FakeConnection.Recorded event = client.recorded();
        assertEquals("command:say", event.action());
        assertEquals(Optional.of(FakeConnection.POLICY), event.decision().policy());
        assertEquals(FakeConnection.ALLOWED, event.decision().reason());
        assertEquals(Map.of("result", "ok", "args", "a \"b\""), event.details());
    }

    @Test
    void records_the_commands_of_the_service_itself() {
        client.ask("help");
        FakeConnection.Recorded event = client.recorded();
        assertEquals("command:help", event.action());
        assertEquals(Map.of("result", "ok"), event.details());
    }

    @Test
    void records_a_refusal_with_the_policys_reason() {
        client.revoke("say");
        client.ask("say it");
        FakeConnection.Recorded event = client.recorded();
        assertEquals(FakeConnection.DENIED, event.decision().reason());
        assertEquals(Optional.of(FakeConnection.POLICY), event.decision().policy());
        assertEquals(Map.of("result", "denied", "args", "it"), event.details());
    }

    @Test
    void records_why_a_command_did_not_do_what_was_asked() {
        client.ask("give-up now");
        FakeConnection.Recorded event = client.recorded();
        assertEquals("not today", event.decision().reason());
        assertEquals(Map.of("result", "error", "args", "now"), event.details());
        client.ask("fail");
        assertEquals("the command failed", client.recorded().decision().reason());
    }

    @Test
    void keeps_the_arguments_of_sensitive_commands_to_itself() {
        client.ask("secret hunter2");
        assertEquals(Map.of("result", "ok"), client.recorded().details());
        client.revoke("secret");
        client.ask("secret hunter2");
        assertEquals(Map.of("result", "denied"), client.recorded().details());
    }

    @Test
    void keeps_the_arguments_of_unknown_commands_to_itself() {
        client.ask("sceret hunter2");
        FakeConnection.Recorded event = client.recorded();
        assertEquals("command:sceret", event.action());
        assertEquals(Optional.empty(), event.decision().policy());
        assertEquals(Map.of("result", "unknown"), event.details());
    }

    @Test
    void a_line_that_is_no_text_is_an_error_of_no_command() {
        Client.await(client.send(new byte[] {(byte) 0xff}));
        FakeConnection.Recorded event = client.recorded();
        assertEquals("command:", event.action());
        assertEquals(Map.of("result", "error"), event.details());
    }

    @Test
    void the_reason_of_a_command_that_failed_does_not_hide_which_policy_granted_it() {
        client.ask("give-up");
        FakeConnection.Recorded event = client.recorded();
        assertEquals(Optional.of(FakeConnection.POLICY), event.decision().policy());
        assertTrue(event.decision().allowed());
    }

    @Test
    void a_client_has_an_answer_and_the_audit_an_event_even_if_there_is_no_memory_for_all_of_it() {
        client.failing = 1;
        assertEquals("ok\n", client.ask("say hello"));
        FakeConnection.Recorded event = client.recorded();
        assertEquals(Map.of("result", "error"), event.details());
        assertEquals("what it was could not be recorded", event.decision().reason());
    }
}
