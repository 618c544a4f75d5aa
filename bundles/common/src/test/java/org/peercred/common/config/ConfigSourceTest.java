/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConfigSourceTest {

    private static final String PID = "org.peercred.policy.uid";

    private static ConfigSource of(String... keysAndValues) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return ConfigSource.of(properties, PID);
    }

    @Test
    void the_key_name_comes_first() {
        assertEquals(
                new ConfigSource(PID + "~b", "etc/org.peercred.policy.uid-c.cfg", "a"),
                of(
                        "name", " a ",
                        "service.pid", PID + "~b",
                        "felix.fileinstall.filename", "file:/x/etc/org.peercred.policy.uid-c.cfg"));
    }

    @Test
    void then_the_name_of_the_file_though_the_pid_be_random() {
        assertEquals(
                "team",
                of(
                                "service.pid",
                                PID + ".9c1f",
                                "felix.fileinstall.filename",
                                "file:/x/etc/org.peercred.policy.uid-team.cfg")
                        .name());
        assertEquals(
                "team.config",
                of("felix.fileinstall.filename", "/x/etc/org.peercred.policy.uid-team.config.cfg")
                        .name());
        assertEquals(
                "my team",
                of("felix.fileinstall.filename", "file:/x/etc/org.peercred.policy.uid-my%20team.cfg")
                        .name());
    }

    @Test
    void then_the_pid() {
        assertEquals(new ConfigSource(PID + "~team", PID + "~team", "team"), of("service.pid", PID + "~team"));
        assertEquals("9c1f", of("service.pid", PID + ".9c1f").name());
        assertEquals("", of("service.pid", PID).name());
        assertEquals(new ConfigSource(PID, PID, ""), of());
    }

    @Test
    void a_file_of_another_pid_names_nothing() {
        assertEquals(
                "",
                of("felix.fileinstall.filename", "file:/x/etc/org.peercred.policy.uidx-team.cfg")
                        .name());
        assertEquals(
                "",
                of("felix.fileinstall.filename", "file:/x/etc/org.peercred.policy.uid.cfg")
                        .name());
    }

    @Test
    void finds_the_file_in_whatever_form_it_is_given() {
        Path path = Path.of("/x y/etc/a.cfg");
        for (Object form :
                new Object[] {"file:/x%20y/etc/a.cfg", "/x y/etc/a.cfg", URI.create("file:/x%20y/etc/a.cfg")}) {
            assertEquals(Optional.of(path), ConfigSource.path(Map.of("felix.fileinstall.filename", form)));
        }
        assertEquals(Optional.empty(), ConfigSource.path(Map.of()));
    }

    @Test
    void a_name_of_a_file_that_is_none_does_no_harm() {
        assertEquals("", of("felix.fileinstall.filename", "file:%").name());
        assertEquals("", of("felix.fileinstall.filename", "\0").name());
        assertEquals("", of("felix.fileinstall.filename", "file:///").name());
    }
}
