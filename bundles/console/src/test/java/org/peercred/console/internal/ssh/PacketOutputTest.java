/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of packets that could not be sent. */
@Timeout(120)
class PacketOutputTest {

    private static final int MOST_KEPT = 1 << 20;

    private final Refusing out = new Refusing();
    private final PacketOutput packets = new PacketOutput(out);

    @Test
    void as_much_as_may_be_kept_goes_out_with_the_next_packet() throws Exception {
        byte[] half = filled(MOST_KEPT / 2, 'a');
        byte[] rest = filled(MOST_KEPT / 2, 'b');
        interrupt(half);
        interrupt(rest);

        out.refuses = false;
        send(filled(1, 'c'));

        assertArrayEquals(joined(half, rest, filled(1, 'c')), out.taken.toByteArray());
    }

    @Test
    void as_much_as_may_be_kept_goes_in_front_of_the_last_words() throws Exception {
        byte[] most = filled(MOST_KEPT, 'a');
        interrupt(most);
        packets.cut();
        assertArrayEquals(most, packets.takeUnsent().orElseThrow());
        assertTrue(packets.isCut());
    }

    @Test
    void where_more_would_be_kept_all_is_forgotten_and_nothing_is_sent_any_more() {
        interrupt(filled(MOST_KEPT, 'a'));
        interrupt(filled(1, 'b'));

        out.refuses = false;
        assertThrows(IOException.class, () -> send(filled(1, 'c')));

        assertEquals(0, out.taken.size());
    }

    /** Behind what is missing a client could understand nothing. */
    @Test
    void where_more_would_be_kept_no_words_can_follow() {
        interrupt(filled(MOST_KEPT + 1, 'a'));
        assertEquals(Optional.empty(), packets.takeUnsent());
    }

    @Test
    void where_more_would_be_kept_once_the_listener_ends_the_connection_no_words_can_follow() {
        interrupt(filled(MOST_KEPT, 'a'));
        packets.cut();
        assertThrows(IOException.class, () -> send(filled(1, 'b')));
        assertEquals(Optional.empty(), packets.takeUnsent());
    }

    private void interrupt(byte[] packet) {
        assertThrows(InterruptedIOException.class, () -> send(packet));
    }

    private void send(byte[] packet) throws IOException {
        packets.send(packet, 0, packet.length);
    }

    private static byte[] filled(int length, char value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** As the listener's for a thread that is interrupted while it waits: takes nothing. */
    private static final class Refusing extends OutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean refuses = true;

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (refuses) {
                throw new InterruptedIOException();
            }
            taken.write(bytes, offset, length);
        }
    }
}
