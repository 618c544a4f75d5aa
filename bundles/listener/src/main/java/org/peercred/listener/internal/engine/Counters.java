/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What one loop served for one listener. Written by the loop's thread alone, but for what says so; read by any. */
final class Counters {

    private final LongAdder receivedElsewhere = new LongAdder();
    private final LongAdder sentElsewhere = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong allowed = new AtomicLong();
    private final AtomicLong denied = new AtomicLong();
    private final AtomicLong limited = new AtomicLong();

    void answered(long newLines) {
        add(lines, newLines);
    }

    void received(long bytes) {
        add(received, bytes);
    }

    void sent(long bytes) {
        add(sent, bytes);
    }

    /** May be called by any thread. */
    void receivedElsewhere(long bytes) {
        receivedElsewhere.add(bytes);
    }

    /** May be called by any thread. */
    void sentElsewhere(long bytes) {
        sentElsewhere.add(bytes);
    }

    /** May be called by any thread. */
    void requested() {
        requests.increment();
    }

    void allowed() {
        add(allowed, 1);
    }

    void denied() {
        add(denied, 1);
    }

    void limited() {
        add(limited, 1);
    }

    long requests() {
        return requests.sum();
    }

    long lines() {
        return lines.get();
    }

    long receivedBytes() {
        return received.get() + receivedElsewhere.sum();
    }

    long allowedConnections() {
        return allowed.get();
    }

    long deniedConnections() {
        return denied.get();
    }

    long limitedConnections() {
        return limited.get();
    }

    long sentBytes() {
        return sent.get() + sentElsewhere.sum();
    }

    /** One writer needs no atomic addition. */
    private static void add(AtomicLong counter, long value) {
        if (value != 0) {
            counter.setOpaque(counter.getPlain() + value);
        }
    }
}
