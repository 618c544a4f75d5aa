/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.util.Map;
import org.apache.sshd.server.StandardEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ClientEnvironmentTest {

    @Test
    void only_terminal_and_locale_come_in() {
        assertTrue(ClientEnvironment.isAccepted("TERM", "xterm-256color"));
        assertTrue(ClientEnvironment.isAccepted("LANG", "de_DE.UTF-8@euro"));
        assertTrue(ClientEnvironment.isAccepted("LC_MESSAGES", "C"));
        assertFalse(ClientEnvironment.isAccepted("PATH", "/tmp"));
        assertFalse(ClientEnvironment.isAccepted("LC_MESSAGES; x", "C"));
        assertFalse(ClientEnvironment.isAccepted("LANG", "\u001b[31m"));
        assertFalse(ClientEnvironment.isAccepted("LANG", "x".repeat(65)));
        assertEquals(
                Map.of("LANG", "C"),
                of(Map.of("LANG", "C", "PROMPT", "x", "karaf.etc", "/tmp")).shown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-C", "../../tmp/x", "a b", "\u001b[31m"})
    void what_is_no_name_of_a_terminal_is_a_dumb_one(String term) {
        assertEquals("dumb", ClientEnvironment.terminalType(term));
        assertFalse(ClientEnvironment.isAccepted("TERM", term));
    }

    @Test
    void the_character_set_is_the_first_that_the_locale_names() {
        assertEquals(ISO_8859_1, charset(Map.of("LC_ALL", "de_DE.ISO-8859-1", "LANG", "C.UTF-8")));
        assertEquals(ISO_8859_1, charset(Map.of("LC_CTYPE", "de_DE.ISO-8859-1@euro", "LANG", "C.UTF-8")));
        assertEquals(UTF_8, charset(Map.of("LANG", "C")));
        assertEquals(UTF_8, charset(Map.of("LANG", "de_DE.no such set")));
        assertEquals(UTF_8, charset(Map.of()));
    }

    @Test
    void a_terminal_is_never_too_large_to_be_drawn() {
        ClientEnvironment client = of(Map.of("COLUMNS", "2147483647", "LINES", "-1"));
        assertEquals(1000, client.columns());
        assertEquals(0, client.rows());
        assertEquals(0, of(Map.of()).columns());
    }

    private static Charset charset(Map<String, String> variables) {
        return of(variables).charset(UTF_8);
    }

    private static ClientEnvironment of(Map<String, String> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        variables.forEach(environment::set);
        return new ClientEnvironment(environment);
    }
}
