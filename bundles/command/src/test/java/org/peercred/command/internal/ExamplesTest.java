/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.example.uptime.UptimeCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of docs/writing-a-service.md does in the service what the page says. */
@Timeout(120)
class ExamplesTest {

    @Test
    void the_command_tells_the_uptime() {
        CommandService service = new CommandService();
        try {
            service.bindCommands(new FakeReference(0), new UptimeCommand());
            Client client = new Client(service, 1001, "uptime", "help");
            assertTrue(client.ask("uptime").matches("\\d+ seconds\nok\n"));
            assertTrue(client.ask("uptime minutes").matches("\\d+ minutes\nok\n"));
            assertEquals("error: seconds, minutes or hours is expected\n", client.ask("uptime years"));
            assertTrue(client.ask("help").contains("\nuptime  [seconds|minutes|hours]: tells"));
        } finally {
            service.stop();
        }
    }
}
