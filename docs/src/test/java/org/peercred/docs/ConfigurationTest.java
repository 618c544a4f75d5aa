/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.Described;

/** docs/configuration.md says what the bundles describe, key by key. */
@Timeout(120)
class ConfigurationTest {

    private static final Pattern HEADING = Pattern.compile("#+ `(org\\.peercred[^`]*)`.*");
    private static final Pattern ROW = Pattern.compile(
            "\\| `(?<key>[^`]+)` \\| (?<type>[^|]+) \\| (?<initial>[^|]+) \\|(?<range>[^|]*)\\| (?<meaning>[^|]+) \\|");

    private static Map<String, Map<String, Described>> described;
    private static Map<String, Map<String, Map<String, String>>> documented;

    /** A row's cells by name, by key, by PID. */
    private static Map<String, Map<String, Map<String, String>>> read(Path page) throws Exception {
        Map<String, Map<String, Map<String, String>>> pids = new TreeMap<>();
        Map<String, Map<String, String>> rows = new HashMap<>();
        for (String line : Files.readAllLines(page)) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                rows = new TreeMap<>();
                pids.put(heading.group(1), rows);
            } else if (row.matches()) {
                Map<String, String> cells = new HashMap<>();
                for (String cell : new String[] {"type", "initial", "range", "meaning"}) {
                    cells.put(cell, row.group(cell).strip());
                }
                rows.put(row.group("key"), cells);
            }
        }
        return pids;
    }

    @BeforeAll
    static void readBoth() throws Exception {
        described = Described.all(Path.of("../bundles"));
        documented = read(Path.of("configuration.md"));
        assertFalse(described.isEmpty(), "the bundles have not been built");
    }

    @FunctionalInterface
    private interface Check {
        void check(String key, Described bundle, Map<String, String> page);
    }

    private static void eachKey(Check check) {
        described.forEach((pid, keys) -> keys.forEach((key, bundle) ->
                check.check(pid + " " + key, bundle, documented.get(pid).get(key))));
    }

    @Test
    void names_every_configuration_and_no_other() {
        assertEquals(described.keySet(), documented.keySet());
    }

    @Test
    void names_every_key_and_no_other() {
        described.forEach(
                (pid, keys) -> assertEquals(keys.keySet(), documented.get(pid).keySet(), pid));
    }

    @Test
    void says_the_defaults() {
        eachKey((key, bundle, page) -> assertEquals(bundle.initial(), page.get("initial"), key));
    }

    @Test
    void says_the_types() {
        eachKey((key, bundle, page) -> {
            String type = page.get("type");
            switch (bundle.type()) {
                case "list" -> assertTrue(type.startsWith("list of "), key + ": " + type);
                case "text" -> assertTrue(type.matches("text|size|duration"), key + ": " + type);
                default -> assertEquals(bundle.type(), type, key);
            }
        });
    }

    @Test
    void says_the_ranges() {
        eachKey((key, bundle, page) -> {
            if (bundle.range().isEmpty()) {
                assertTrue(bundle.description().contains(page.get("range")), key + ": " + page.get("range"));
            } else {
                assertEquals(bundle.range(), page.get("range"), key);
                // Forms check no range and show none.
                assertTrue(bundle.description().contains(bundle.range()), key + ": " + bundle.description());
            }
        });
    }

    @Test
    void bundles_explain_every_key() {
        eachKey((key, bundle, page) -> assertTrue(bundle.description().endsWith("."), key));
    }
}
