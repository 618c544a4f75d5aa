/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PacedOutputTest {

    private final String thread = "paced-output-test-" + System.nanoTime();

    private final AtomicInteger packets = new AtomicInteger();
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream() {
        @Override
        public void flush() {
            packets.incrementAndGet();
        }
    };
    private final PacedOutput output = new PacedOutput(new BufferedOutputStream(sink, 1 << 20), thread);

    @Test
    void the_first_byte_goes_at_once_and_without_a_thread() throws IOException {
        output.write('a');
        assertEquals("a", sink.toString(UTF_8));
        assertEquals(0, threads());
    }

    @Test
    void what_follows_goes_together_and_soon_without_being_flushed() throws IOException {
        long begun = System.nanoTime();
        int size = 500_000;
        for (int i = 0; i < size; i++) {
            output.write('a');
        }
        Awaitility.await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> sink.size() == size);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        // Both whoever writes and the thread send when it is time.
        assertTrue(
                packets.get() <= 2 * (millis / PacedOutput.INTERVAL_MILLIS) + 3,
                packets + " packets in " + millis + " ms");
    }

    @Test
    void the_thread_is_there_only_while_something_flows() throws IOException {
        output.write('a');
        output.write('b');
        Awaitility.await().until(() -> sink.size() == 2);
        Awaitility.await().until(() -> threads() == 0);
        output.write('c');
        output.write('d');
        Awaitility.await().until(() -> sink.size() == 4);
    }

    @Test
    void the_end_sends_what_is_left_and_ends_the_thread() throws IOException {
        PacedOutput lasting =
                new PacedOutput(new BufferedOutputStream(sink, 1 << 20), thread, TimeUnit.HOURS.toMillis(1));
        lasting.write('a');
        lasting.write('b');
        lasting.close();
        assertEquals("ab", sink.toString(UTF_8));
        Awaitility.await().until(() -> threads() == 0);
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals(this.thread))
                .count();
    }
}
