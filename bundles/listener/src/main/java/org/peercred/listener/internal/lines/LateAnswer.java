/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import org.peercred.listener.internal.engine.Connection;
import org.peercred.service.Replies;

/** An answer that comes later, from another thread. It is counted among what is kept until it is given to the connection. */
final class LateAnswer implements Replies.Deferred, Runnable {

    /** An answer is one array. */
    private static final long LONGEST = Integer.MAX_VALUE;

    private final Exchange exchange;
    private final Connection connection;
    private final long line;
    private boolean completed;
    private long counted;
    private byte[] bytes;

    /**
     * Announces an answer.
     *
     * @param exchange whose it is
     * @param connection counts what is kept
     * @param line how many bytes the service keeps of the line until then
     */
    LateAnswer(Exchange exchange, Connection connection, long line) {
        this.exchange = exchange;
        this.connection = connection;
        this.line = line;
        count(line);
    }

    @Override
    public synchronized boolean reserve(long size) {
        if (completed || size < 0 || size > LONGEST) {
            return false;
        }
        return count(line + size);
    }

    @Override
    public synchronized void complete(byte[] answer) {
        if (completed) {
            return;
        }
        completed = true;
        bytes = answer;
        try {
            count(line + answer.length);
        } finally {
            exchange.arrived(this);
        }
    }

    /** What came, once, which is not counted here any more; {@code null} if nothing has. Called on the loop. */
    synchronized byte[] take() {
        byte[] taken = bytes;
        if (taken == null) {
            return null;
        }
        bytes = null;
        count(0);
        return taken;
    }

    /** Nobody waits for it any more. */
    synchronized void forget() {
        completed = true;
        bytes = null;
        count(0);
    }

    @Override
    public void run() {
        exchange.answered(this);
    }

    private boolean count(long size) {
        boolean open = connection.keep(size - counted);
        counted = size;
        return open;
    }
}
