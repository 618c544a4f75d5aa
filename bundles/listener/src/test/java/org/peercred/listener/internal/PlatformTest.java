/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class PlatformTest {

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "x86_64", "aarch64", "ppc64le", "riscv64", "s390x", "loongarch64"})
    void runs_on_64_bit_linux(String architecture) {
        assertEquals(Optional.empty(), Platform.refusal("Linux", architecture));
    }

    @Test
    void says_in_one_sentence_why_it_does_not_run_elsewhere() {
        assertEquals(
                Optional.of("Listeners need Linux (epoll and SO_PEERCRED); this system is Mac OS X."),
                Platform.refusal("Mac OS X", "aarch64"));
        assertEquals(
                Optional.of("Listeners need a 64-bit system; this one is i386."), Platform.refusal("Linux", "i386"));
    }
}
