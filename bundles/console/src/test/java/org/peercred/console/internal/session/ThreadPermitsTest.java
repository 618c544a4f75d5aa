/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.ThreadLimit;

@Timeout(120)
class ThreadPermitsTest {

    private final AtomicInteger left = new AtomicInteger(5);

    @Test
    void there_are_as_many_as_asked_for_or_none() {
        ThreadPermits first = ThreadPermits.take(this::permit, 3).orElseThrow();
        assertEquals(2, left.get());
        assertTrue(ThreadPermits.take(this::permit, 3).isEmpty());
        assertEquals(2, left.get());
        first.close();
        first.close();
        assertEquals(5, left.get());
        assertTrue(ThreadPermits.take(this::permit, 5).isPresent());
    }

    @Test
    void whoever_fails_to_ask_for_all_keeps_none() {
        assertThrows(
                IllegalStateException.class,
                () -> ThreadPermits.take(
                        () -> {
                            if (left.get() == 3) {
                                throw new IllegalStateException("nobody counts them any more");
                            }
                            return permit();
                        },
                        4));
        assertEquals(5, left.get());
    }

    private Optional<ThreadLimit.Permit> permit() {
        if (left.get() == 0) {
            return Optional.empty();
        }
        left.decrementAndGet();
        AtomicBoolean taken = new AtomicBoolean(true);
        return Optional.of(() -> {
            if (taken.getAndSet(false)) {
                left.incrementAndGet();
            }
        });
    }
}
