/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.service.CommandException;

@Timeout(60)
class CommandAuditTest {

    private final CommandService service = new CommandService();
    private final FakeAudit audit = new FakeAudit();
    private FakeClient client;

    @BeforeEach
    void publish_commands() {
        service.bindAudit(audit);
        publish(new FakeCommand("say", call -> {}));
        publish(new FakeCommand("secret", call -> {}).secret());
        publish(new FakeCommand("fail", call -> {
            throw new IllegalArgumentException("oops");
        }));
        publish(new FakeCommand("give-up", call -> {
            throw new CommandException("not today");
        }));
        client = new FakeClient(service, 1001, "say", "secret", "fail", "give-up", "help");
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
        AuditEvent event = audit.event();
        assertEquals(AuditEvent.Type.COMMAND, event.type());
        assertEquals("command", event.listener());
        assertEquals(client.id(), event.connection());
        assertEquals(1001, event.uid());
        assertEquals(50, event.gid());
        assertEquals(OptionalInt.of(4242), event.pid());
        assertEquals("command:say", event.action());
        assertEquals(Optional.of("command~test"), event.policy());
        assertEquals("it is granted", event.reason());
        assertEquals(Map.of("result", "ok", "args", "a \"b\""), event.details());
    }

    @Test
    void records_the_commands_of_the_service_itself() {
        client.ask("help");
        assertEquals("command:help", audit.event().action());
        assertEquals(Map.of("result", "ok"), audit.event().details());
    }

    @Test
    void records_a_refusal_with_the_policys_reason() {
        client.grants.clear();
        client.ask("say it");
        assertEquals("it is not granted", audit.event().reason());
        assertEquals(Optional.of("command~test"), audit.event().policy());
        assertEquals(Map.of("result", "denied", "args", "it"), audit.event().details());
    }

    @Test
    void records_why_a_command_did_not_do_what_was_asked() {
        client.ask("give-up now");
        assertEquals("not today", audit.event().reason());
        assertEquals(Map.of("result", "error", "args", "now"), audit.event().details());
        audit.events.clear();
        client.ask("fail");
        assertEquals("the command failed", audit.event().reason());
    }

    @Test
    void keeps_the_arguments_of_sensitive_commands_to_itself() {
        client.ask("secret hunter2");
        assertEquals(Map.of("result", "ok"), audit.event().details());
        audit.events.clear();
        client.grants.clear();
        client.ask("secret hunter2");
        assertEquals(Map.of("result", "denied"), audit.event().details());
    }

    @Test
    void keeps_the_arguments_of_unknown_commands_to_itself() {
        client.ask("sceret hunter2");
        assertEquals("command:sceret", audit.event().action());
        assertEquals(Optional.empty(), audit.event().policy());
        assertEquals(Map.of("result", "unknown"), audit.event().details());
    }

    @Test
    void bounds_what_an_event_holds() {
        client.ask("say " + "x".repeat(60_000));
        assertEquals("x".repeat(4096) + "…", audit.event().details().get("args"));
        audit.events.clear();
        client.ask("y".repeat(60_000));
        assertEquals("command:" + "y".repeat(4096) + "…", audit.event().action());
    }

    @Test
    void runs_commands_with_nobody_to_record_them_too() {
        audit.wants = false;
        assertEquals("ok\n", client.ask("say"));
        assertEquals(0, audit.events.size());
        service.unbindAudit(audit);
        assertEquals("ok\n", client.ask("say"));
    }
}
