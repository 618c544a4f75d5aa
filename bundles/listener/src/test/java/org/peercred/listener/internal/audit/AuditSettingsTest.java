/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.Temporary;

@Timeout(120)
class AuditSettingsTest {

    private static final String PID = "org.peercred.audit";

    private Path directory;

    @BeforeEach
    void start() throws Exception {
        directory = Temporary.directory();
    }

    @AfterEach
    void stop() throws Exception {
        Temporary.delete(directory);
    }

    private static AuditSettings read(String... keysAndValues) throws ConfigException {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        properties.put("felix.fileinstall.filename", "file:/x/etc/org.peercred.audit.cfg");
        return AuditSettings.from(new Config(properties, ConfigSource.of(properties, PID)));
    }

    private static void assertRejected(String key, String value, String explanation) {
        ConfigException e = assertThrows(ConfigException.class, () -> read(key, value));
        assertEquals("etc/org.peercred.audit.cfg: " + key + " = " + value + ": " + explanation + ".", e.getMessage());
    }

    @Test
    void nothing_has_to_be_said() throws Exception {
        AuditSettings settings = read();
        FileSettings file = settings.file();
        assertEquals(new FileSettings(file.path(), 16 << 20, 20, false), file);
        assertEquals(AuditSettings.EVENTS, settings.events());
        assertEquals(4 << 20, settings.sizePerUid());
        assertEquals(AuditSettings.defaults(), settings);
    }

    @Test
    void everything_can_be_said() throws Exception {
        Path path = directory.resolve("a");
        AuditSettings settings = read(
                "file",
                path.toString(),
                "size",
                "64 KiB",
                "files",
                "3",
                "on.failure",
                "pause",
                "format",
                "json",
                "events",
                "denied, command");
        assertEquals(
                new AuditSettings(
                        new FileSettings(path, 64 << 10, 3, true),
                        true,
                        Set.of(AuditEvent.Type.DENIED, AuditEvent.Type.COMMAND),
                        4 << 20),
                settings);
        assertEquals(EnumSet.allOf(AuditEvent.Type.class), read("events", "*").events());
    }

    @Test
    void what_cannot_be_used_is_named() throws Exception {
        assertRejected("size", "1 KiB", "it must be a size, 0 (never) or 64 KiB to 1 GiB, for instance 64 KiB");
        assertRejected("files", "0", "it must be a whole number from 1 to 1000");
        assertRejected("format", "xml", "it must be text or json");
        assertRejected("on.failure", "stop", "it must be continue or pause");
        assertRejected("events", "alowed", "there is no such event; did you mean allowed?");
        assertEquals(
                "etc/org.peercred.audit.cfg: events = alowed: there is no such event; did you mean allowed?.",
                assertThrows(ConfigException.class, () -> read("events", "*, alowed"))
                        .getMessage());
        assertRejected("events", "", "an entry is empty; if it is a variable, it is not set");
        assertRejected(
                "events",
                "everything",
                "there is no such event; there are allowed, denied, revoked, limited, closed, command, request, lost, and * for all");
        assertRejected("file", directory.toString(), directory + " is a directory");
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc/passwd"));
        assertRejected("file", link.toString(), link + " is a symbolic link, which is not followed");
        assertRejected("file", "/dev/full", "/dev/full is no regular file");
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        String message = assertThrows(
                        ConfigException.class,
                        () -> read(
                                "size",
                                "big",
                                "files",
                                "many",
                                "format",
                                "xml",
                                "events",
                                "alowed, denied, lots",
                                "file",
                                "/dev/full"))
                .getMessage();
        assertEquals(6, message.split("etc/org.peercred.audit.cfg: ", -1).length - 1, message);
    }

    @Test
    void a_path_that_is_not_absolute_begins_where_karaf_has_its_files() {
        Map<String, String> karaf =
                Map.of("karaf.base", "/opt/karaf", "karaf.data", "/var/lib/karaf", "karaf.log", "/var/log/karaf");
        assertEquals(Path.of("/var/log/karaf/audit.log"), AuditPath.of("data/log/audit.log", karaf::get));
        assertEquals(Path.of("/var/lib/karaf/audit"), AuditPath.of("./data/audit", karaf::get));
        assertEquals(Path.of("/opt/karaf/audit"), AuditPath.of("audit", karaf::get));
        assertEquals(Path.of("/srv/audit"), AuditPath.of("/srv/audit", karaf::get));
        assertEquals(Path.of("audit").toAbsolutePath(), AuditPath.of("audit", key -> null));
    }
}
