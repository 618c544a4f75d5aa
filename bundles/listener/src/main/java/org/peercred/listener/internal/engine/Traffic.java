/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** The bytes of one connection, each counted for its listener as well. Written on its loop, but for what says so; read by any thread. */
final class Traffic {

    private static final AtomicLongFieldUpdater<Traffic> RECEIVED =
            AtomicLongFieldUpdater.newUpdater(Traffic.class, "received");
    private static final AtomicLongFieldUpdater<Traffic> SENT =
            AtomicLongFieldUpdater.newUpdater(Traffic.class, "sent");

    private final Counters counters;
    private volatile long received;
    private volatile long sent;

    Traffic(Counters counters) {
        this.counters = counters;
    }

    void received(long bytes) {
        counters.received(bytes);
        RECEIVED.lazySet(this, received + bytes);
    }

    void sent(long bytes) {
        counters.sent(bytes);
        SENT.lazySet(this, sent + bytes);
    }

    /** May be called by any thread, of a connection whose loop counts nothing by itself. */
    void receivedElsewhere(long bytes) {
        counters.receivedElsewhere(bytes);
        RECEIVED.addAndGet(this, bytes);
    }

    /** May be called by any thread, likewise. */
    void sentElsewhere(long bytes) {
        counters.sentElsewhere(bytes);
        SENT.addAndGet(this, bytes);
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }
}
