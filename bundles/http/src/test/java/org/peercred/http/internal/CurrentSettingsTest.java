/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;

class CurrentSettingsTest {

    private static final String FILE = "felix.fileinstall.filename";

    @Test
    void without_a_configuration_the_web_console_asks_for_admin_and_no_realm_takes_tokens() {
        CurrentSettings settings = new CurrentSettings(Map.of());
        assertEquals("admin", settings.consoleRole());
        assertEquals(Optional.empty(), settings.login().wanted());
    }

    @Test
    void a_change_counts_and_one_that_cannot_be_used_changes_nothing() {
        CurrentSettings settings = new CurrentSettings(Map.of("jaas.realm", " karaf "));
        assertEquals(Optional.of("karaf"), settings.login().wanted());
        settings.configure(Map.of("console.role", "two roles", "jaas.realm", "other"));
        assertEquals(Optional.of("karaf"), settings.login().wanted());
        settings.configure(Map.of("console.role", "operator", "jaas.realm", " "));
        assertEquals("operator", settings.consoleRole());
        assertEquals(Optional.empty(), settings.login().wanted());
    }

    @Test
    void a_realm_that_is_missing_is_told_of_with_file_key_and_value() throws Exception {
        Map<String, String> properties = Map.of(FILE, "file:/k/etc/org.peercred.http.cfg", "jaas.realm", "kraf");
        Config config = new Config(properties, ConfigSource.of(properties, HttpSettings.PID));
        assertEquals(
                "etc/org.peercred.http.cfg: jaas.realm = kraf: there is no realm of that name.",
                HttpSettings.from(config).realm().orElseThrow().missing());
    }

    @Test
    void the_role_of_reverse_proxies_is_nobodys_until_it_is_named() {
        CurrentSettings settings = new CurrentSettings(Map.of());
        assertEquals(Optional.empty(), settings.proxyRole());
        settings.configure(Map.of("forward", "proxy"));
        assertEquals(Optional.of("proxy"), settings.proxyRole());
        settings.configure(Map.of("forward", "user:nginx"));
        assertEquals(Optional.of("proxy"), settings.proxyRole());
        settings.configure(Map.of("forward", ""));
        assertEquals(Optional.empty(), settings.proxyRole());
    }

    @Test
    void a_role_that_is_none_is_told_of_with_file_key_and_value() {
        Map<String, String> properties = Map.of(FILE, "file:/k/etc/org.peercred.http.cfg", "forward", "user:nginx");
        Config config = new Config(properties, ConfigSource.of(properties, HttpSettings.PID));
        assertEquals(
                "etc/org.peercred.http.cfg: forward = user:nginx: it must be the name of one role.",
                assertThrows(ConfigException.class, () -> HttpSettings.from(config))
                        .getMessage());
    }

    @Test
    void a_list_of_realms_is_none() {
        CurrentSettings settings = new CurrentSettings(Map.of("jaas.realm", List.of("a", "b")));
        assertEquals(Optional.empty(), settings.login().wanted());
    }
}
