/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.linux.Platform.Processor;

@Timeout(120)
class PlatformTest {

    @ParameterizedTest
    @CsvSource({"Linux, amd64", "Linux, x86_64", "Linux, aarch64", "LINUX, amd64"})
    void works_on_64_bit_linux(String system, String architecture) {
        assertEquals(Optional.empty(), Platform.refusal(system, architecture));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mac OS X", "Windows 11", "FreeBSD"})
    void says_that_it_needs_linux(String system) {
        assertEquals(
                Optional.of("Peercred needs Linux, and this system is " + system), Platform.refusal(system, "aarch64"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"arm", "i386", "x86", "ppc64le", "riscv64", "s390x", "loongarch64", ""})
    void says_which_processors_it_needs(String architecture) {
        assertEquals(
                Optional.of("Peercred needs a 64-bit Java on x86-64 or AArch64, and this one is for " + architecture),
                Platform.refusal("Linux", architecture));
    }

    @Test
    void works_here() {
        assertEquals(Optional.empty(), Platform.refusal());
        assertTrue(Platform.isOn(Processor.X86_64) ^ Platform.isOn(Processor.AARCH64));
    }

    @Test
    void the_readme_names_the_same_processors() throws Exception {
        String says = "- Linux on " + Platform.PROCESSORS + ". ";
        assertTrue(Files.readString(Path.of("../../README.md")).contains(says), says);
    }
}
