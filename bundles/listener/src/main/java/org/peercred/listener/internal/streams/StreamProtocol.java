/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Protocol;

/** Bytes as they come, between the loop and a {@link StreamSession}. */
final class StreamProtocol implements Protocol {

    private static final String SERVED = "the service ended it";

    private final Connection connection;
    private final StreamSession session;
    private boolean paused;

    StreamProtocol(Connection connection, StreamSession session) {
        this.connection = connection;
        this.session = session;
    }

    @Override
    public boolean resume() {
        if (!connection.mustSend()) {
            goOn();
        } else if (session.isServed()) {
            // Who takes nothing of what is left is not waited for without end.
            connection.end(SERVED);
        }
        return !paused && !connection.mustSend();
    }

    @Override
    public void received(ByteBuffer bytes, int count) {
        paused = !session.received(bytes, count);
    }

    @Override
    public void ended() {
        paused = true;
        session.ended();
    }

    @Override
    public Interest interest() {
        if (!paused) {
            return Interest.INPUT;
        }
        return session.endsWithClient() ? Interest.END : Interest.NOTHING;
    }

    @Override
    public void endWrites() {
        session.endWrites();
    }

    @Override
    public void handOver() {
        byte[] rest = session.seal();
        if (rest.length > 0) {
            connection.unsent.put(rest);
            connection.unsent.flush();
        }
    }

    @Override
    public void closed() {
        session.closed();
    }

    /** The service has read what there was, or has written something, or is done. */
    private void goOn() {
        // In this order: what the service does after the first is announced anew, and what it did before is seen by the
        // second.
        byte[] chunk = session.nextChunk();
        paused = paused && !session.hasRoom();
        if (chunk != null) {
            connection.unsent.put(chunk);
            connection.unsent.flush();
            session.kept(connection.unsent.remaining());
            if (connection.isOpen() && session.hasMore()) {
                connection.again();
            }
        } else if (session.isServed()) {
            connection.end(SERVED);
        }
    }
}
