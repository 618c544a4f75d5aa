/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peercred.service.LastWords.Cause;

@Timeout(120)
class DisconnectWordsTest {

    @ParameterizedTest
    @EnumSource
    void people_read_a_line_and_clients_of_ssh_a_message(Cause cause) {
        for (int length = 1; length < 40; length++) {
            String text = "x".repeat(length);
            byte[] all = new DisconnectWords().lastWords(cause, text);
            String head = text + "\r\nSSH-2.0-Peercred\r\n";
            assertEquals(head, new String(all, 0, head.length(), StandardCharsets.UTF_8));
            ByteBuffer packet = ByteBuffer.wrap(all).position(head.length()).slice();
            assertEquals(0, packet.remaining() % 8);
            assertEquals(packet.remaining() - 4, packet.getInt());
            int padding = packet.get();
            assertTrue(padding >= 4, "padding " + padding);
            assertEquals(1, packet.get());
            assertTrue(packet.getInt() > 0);
            byte[] description = new byte[packet.getInt()];
            packet.get(description);
            assertEquals(text, new String(description, StandardCharsets.UTF_8));
            assertEquals(0, packet.getInt());
            assertEquals(padding, packet.remaining());
        }
    }
}
