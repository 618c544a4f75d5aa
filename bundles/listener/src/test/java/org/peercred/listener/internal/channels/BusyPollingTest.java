/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BusyPollingTest {

    private static final long AT_ONCE = BusyPolling.NANOS - 1;

    private final BusyPolling polling = new BusyPolling();
    private long now = Long.MAX_VALUE - 10;

    private void turns(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            polling.waits(now);
            now += nanos;
            polling.came(now);
        }
    }

    @Test
    void it_pays_once_the_client_was_seen_to_send_on_at_once_often_enough() {
        turns(BusyPolling.STREAK - 1, AT_ONCE);
        assertFalse(polling.pays());
        turns(1, AT_ONCE);
        assertTrue(polling.pays());
    }

    @Test
    void a_client_that_takes_its_time_once_has_to_be_seen_anew() {
        turns(BusyPolling.STREAK, AT_ONCE);
        turns(1, BusyPolling.NANOS);
        assertFalse(polling.pays());
        turns(BusyPolling.STREAK - 1, AT_ONCE);
        assertFalse(polling.pays());
    }

    @Test
    void after_a_look_in_vain_the_client_has_to_be_seen_anew() {
        turns(BusyPolling.STREAK, AT_ONCE);
        polling.lost();
        assertFalse(polling.pays());
    }

    @Test
    void input_that_nobody_waits_for_tells_nothing_of_the_client() {
        turns(BusyPolling.STREAK, AT_ONCE);
        now += BusyPolling.NANOS;
        polling.came(now);
        assertTrue(polling.pays());
        BusyPolling another = new BusyPolling();
        for (int i = 0; i < BusyPolling.STREAK; i++) {
            another.came(now);
        }
        assertFalse(another.pays());
    }
}
