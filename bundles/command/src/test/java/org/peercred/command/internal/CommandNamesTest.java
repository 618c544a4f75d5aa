/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.testing.Logged;
import org.peercred.service.CommandCall;

/** Which commands there are, and under which names. */
@Timeout(120)
class CommandNamesTest extends CommandFixture {

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
