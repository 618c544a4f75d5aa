/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class FirstBytesTest {

    @ParameterizedTest
    @CsvSource({"SSH-2.0-x,true", "SSH-,true", "SSH,false", "'',false", "version,false", "S,false", "SSHX,false"})
    void four_bytes_tell_and_none_is_lost(String sent, boolean isSsh) throws Exception {
        FirstBytes first = FirstBytes.of(new ByteArrayInputStream(sent.getBytes(StandardCharsets.UTF_8)));
        assertEquals(isSsh, first.isSsh());
        assertEquals(sent, new String(first.input().readAllBytes(), StandardCharsets.UTF_8));
    }
}
