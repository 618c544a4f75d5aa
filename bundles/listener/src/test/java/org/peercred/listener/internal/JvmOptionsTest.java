/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class JvmOptionsTest {

    private static Optional<String> concern(Map<String, String> options) {
        return JvmOptions.concern(option -> Optional.ofNullable(options.get(option)));
    }

    @Test
    void is_concerned_about_a_process_that_goes_on_without_memory() {
        String sentence = concern(Map.of("ExitOnOutOfMemoryError", "false", "OnOutOfMemoryError", ""))
                .orElseThrow();
        assertTrue(sentence.contains("-XX:+ExitOnOutOfMemoryError"), sentence);
    }

    @Test
    void has_nothing_to_say_of_one_that_ends_in_any_way() {
        assertEquals(Optional.empty(), concern(Map.of("ExitOnOutOfMemoryError", "true")));
        assertEquals(
                Optional.empty(),
                concern(Map.of("ExitOnOutOfMemoryError", "false", "CrashOnOutOfMemoryError", "true")));
        assertEquals(
                Optional.empty(), concern(Map.of("ExitOnOutOfMemoryError", "false", "OnOutOfMemoryError", "kill %p")));
    }

    @Test
    void has_nothing_to_say_of_a_jvm_without_such_options() {
        assertEquals(Optional.empty(), concern(Map.of()));
    }

    @Test
    void asks_this_very_jvm() {
        assertTrue(JvmOptions.concern().isPresent(), "The tests are run without -XX:+ExitOnOutOfMemoryError.");
    }
}
