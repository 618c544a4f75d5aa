/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.example.time.TimeService;
import org.example.uptime.UptimeCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of docs/writing-a-service.md do what the page says. */
@Timeout(60)
class ExamplesTest {

    @Test
    void the_command_tells_the_uptime() {
        CommandService service = new CommandService();
        try {
            service.bindCommands(new FakeReference(0), new UptimeCommand());
            FakeClient client = new FakeClient(service, 1001, "uptime", "help");
            assertTrue(client.ask("uptime").matches("\\d+ seconds\nok\n"));
            assertTrue(client.ask("uptime minutes").matches("\\d+ minutes\nok\n"));
            assertEquals("error: seconds, minutes or hours is expected\n", client.ask("uptime years"));
            assertTrue(client.ask("help").contains("\nuptime  [seconds|minutes|hours]: tells"));
        } finally {
            service.stop();
        }
    }

    @Test
    void the_line_service_tells_the_time() {
        FakeClient client = new FakeClient(new TimeService(), 1001);
        String answer = client.ask("Asia/Tokyo").strip();
        assertEquals(ZoneOffset.ofHours(9), OffsetDateTime.parse(answer).getOffset());
        assertEquals("There is no such time zone.\n", client.ask("Mars"));
        assertEquals("There is no such time zone.\n", client.ask(""));
        assertEquals("Good bye, user 1001\n", client.ask("bye"));
        assertTrue(client.ended());
    }

    @ParameterizedTest
    @CsvSource({
        "org.example.uptime.UptimeCommand,org.peercred.service.PeerCommand",
        "org.example.time.TimeService,org.peercred.service.LineService"
    })
    void each_is_a_component_that_publishes_its_service(String component, String service) throws IOException {
        try (InputStream xml = TimeService.class.getResourceAsStream("/OSGI-INF/" + component + ".xml")) {
            assertNotNull(xml);
            String text = new String(xml.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.contains("interface=\"" + service + "\""), text);
        }
    }
}
