/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.service.LineSession;

/**
 * Lines and their answers. A line is read only while nothing is left to send and no answer is outstanding, so a client that
 * does not read is not read from.
 */
final class LineProtocol implements Protocol {

    private final Connection connection;
    private final LineInput input;
    private final Exchange exchange;

    LineProtocol(Connection connection, LineSession session) {
        this.connection = connection;
        this.input = new LineInput(connection.worker.pool, connection::keep);
        this.exchange = new Exchange(connection, session);
    }

    @Override
    public boolean resume() {
        if (connection.mustSend()) {
            return false;
        }
        if (exchange.isOwed()) {
            byte[] answer = exchange.takeAnswer();
            if (answer != null) {
                connection.unsent.put(answer);
                serve(null, 0);
            }
            return false;
        }
        if (exchange.leftLines()) {
            serve(null, 0);
            return false;
        }
        return true;
    }

    @Override
    public void received(ByteBuffer bytes, int count) {
        serve(bytes, count);
        connection.noteLatency();
    }

    @Override
    public void ended() {
        connection.close("");
    }

    @Override
    public Interest interest() {
        return exchange.isOwed() ? Interest.END : Interest.INPUT;
    }

    @Override
    public void closed() {
        input.discard();
        exchange.close();
    }

    /** Answers every whole line of what was kept and what was read, until something has to be waited for. */
    private void serve(ByteBuffer read, int count) {
        input.begin(read, count, connection.settings().maxLineLength());
        Throwable failure = exchange.run(input, connection.writeBuffer());
        connection.unsent.flush();
        if (!connection.isOpen()) {
            return;
        }
        if (failure != null) {
            connection.serviceFailed(failure);
            connection.end("the service failed");
        } else if (exchange.hasEnded()) {
            connection.end("the service ended it");
        } else if (input.tooLong()) {
            connection.limit("Line too long", "line too long");
        } else {
            input.keep();
        }
    }
}
