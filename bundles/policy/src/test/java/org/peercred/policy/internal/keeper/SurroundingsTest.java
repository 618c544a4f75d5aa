/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.Finding;

@Timeout(120)
class SurroundingsTest {

    @TempDir
    Path data;

    private final Map<String, String> properties = new HashMap<>(Map.of(
            "felix.fileinstall.disableNio2", "true",
            "felix.fileinstall.configEncoding", "UTF-8",
            "sun.jnu.encoding", "UTF-8"));
    private Charset charset = StandardCharsets.UTF_8;

    private List<Finding> found(int java) {
        return new Surroundings(properties::get, charset, Optional.of(data.resolve("java")), java).check();
    }

    private List<String> subjects() {
        return found(17).stream().map(Finding::subject).toList();
    }

    @Test
    void finds_nothing_where_all_is_as_it_should_be() {
        assertEquals(List.of(), found(17));
        assertEquals(List.of(), found(17));
    }

    @Test
    void finds_the_settings_of_a_karaf_as_it_is_downloaded() {
        properties.clear();
        charset = StandardCharsets.US_ASCII;
        properties.put("sun.jnu.encoding", "ANSI_X3.4-1968");
        assertEquals(List.of("felix.fileinstall.disableNio2", "felix.fileinstall.configEncoding", "LANG"), subjects());
        assertTrue(found(17).get(1).problem().contains("ISO-8859-1"));
    }

    @Test
    void finds_one_that_is_set_to_something_else() {
        properties.put("felix.fileinstall.disableNio2", "yes");
        assertEquals(List.of("felix.fileinstall.disableNio2"), subjects());
    }

    @Test
    void finds_a_change_of_java_and_goes_on_to_since_its_harm_stays() throws Exception {
        assertEquals(List.of(), found(17));
        assertTrue(
                found(21).get(0).problem().startsWith("data/cache was used by different versions of Java, 17 and 21:"));
        assertEquals("java", found(17).get(0).subject());
        assertEquals(List.of("17", "21"), Files.readAllLines(data.resolve("java")));
    }
}
