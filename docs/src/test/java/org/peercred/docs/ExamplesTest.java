/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages for developers show the examples as they are. That these work their own tests say, and {@link ClientsTest}. */
@Timeout(120)
class ExamplesTest {

    private static final Pattern SHOWN =
            Pattern.compile("^\\[[^]]+]\\(([^)]+)\\)\n\n```\\w+\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LICENCE =
            Pattern.compile("\\A/\\*.*?\\*/\n|^# (Licensed|SPDX)[^\n]*\n(#\n)?", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String MAIN = "/src/main/java/org/example/";
    private static final String TEST = "/src/test/java/org/example/";

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    /** The files that a page shows, each compared with what is there. */
    private static List<String> shown(String page) throws IOException {
        List<String> files = new ArrayList<>();
        Matcher matcher = SHOWN.matcher(read(page));
        while (matcher.find()) {
            String source = LICENCE.matcher(read(matcher.group(1))).replaceAll("");
            assertEquals(source.stripTrailing(), matcher.group(2), matcher.group(1));
            files.add(matcher.group(1).replaceFirst("^(examples|clients)/", ""));
        }
        return files;
    }

    @Test
    void are_shown_as_they_are() throws IOException {
        assertEquals(
                List.of(
                        "office-hours-policy" + MAIN + "hours/OfficeHours.java",
                        "block-list-policy" + MAIN + "block/BlockList.java",
                        "block-list-policy" + MAIN + "block/BlockedUsers.java"),
                shown("writing-a-policy.md"));
        assertEquals(
                List.of(
                        "uptime-command" + MAIN + "uptime/UptimeCommand.java",
                        "uptime-command/pom.xml",
                        "time-service" + MAIN + "time/TimeService.java",
                        "digest-service" + MAIN + "digest/DigestService.java"),
                shown("writing-a-service.md"));
        assertEquals(
                List.of(
                        "uptime-command" + TEST + "uptime/UptimeCommandTest.java",
                        "time-service" + TEST + "time/TimeServiceTest.java",
                        "digest-service" + TEST + "digest/DigestServiceTest.java",
                        "office-hours-policy" + TEST + "hours/OfficeHoursTest.java",
                        "time-service" + TEST + "time/TimeServiceOnASocketTest.java"),
                shown("testing.md"));
        assertEquals(List.of("client.py", "client.sh", "client.mjs", "Client.java", "client.c"), shown("clients.md"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"time-service", "digest-service", "office-hours-policy"})
    void have_projects_that_differ_by_their_names_only(String project) throws IOException {
        assertEquals(
                read("examples/uptime-command/pom.xml").replace("uptime-command", project),
                read("examples/" + project + "/pom.xml"));
    }

    @ParameterizedTest
    @CsvSource({
        "uptime.UptimeCommand,service.PeerCommand",
        "time.TimeService,service.LineService",
        "digest.DigestService,service.StreamService",
        "hours.OfficeHours,access.AccessPolicy",
        "block.BlockList,access.AccessPolicy"
    })
    void are_components_that_publish_their_service(String component, String service) throws IOException {
        String text = resource("/OSGI-INF/org.example." + component + ".xml");
        assertTrue(text.contains("interface=\"org.peercred." + service + "\""), text);
    }

    @Test
    void the_configuration_of_the_block_list_is_described_and_changed_in_place() throws IOException {
        String component = resource("/OSGI-INF/org.example.block.BlockList.xml");
        assertTrue(component.contains("configuration-policy=\"require\""), component);
        assertTrue(component.contains("configuration-pid=\"org.example.blocklist\""), component);
        assertTrue(component.contains("modified=\"modified\""), component);
        String metatype = resource("/OSGI-INF/metatype/org.example.block.BlockList$Configuration.xml");
        assertTrue(metatype.contains("factoryPid=\"org.example.blocklist\""), metatype);
        assertTrue(metatype.contains("id=\"users\"") && metatype.contains("id=\"listeners\""), metatype);
    }

    private static String resource(String path) throws IOException {
        try (InputStream xml = ExamplesTest.class.getResourceAsStream(path)) {
            assertNotNull(xml, path);
            return new String(xml.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
