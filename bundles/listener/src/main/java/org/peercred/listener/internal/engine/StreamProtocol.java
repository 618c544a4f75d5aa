/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;

/** Bytes as they come, between the loop and a {@link StreamSession}. */
final class StreamProtocol implements Protocol {

    private final Connection connection;
    private final StreamSession session;
    private boolean paused;

    StreamProtocol(Connection connection, StreamSession session) {
        this.connection = connection;
        this.session = session;
    }

    @Override
    public void ready(int events) {
        connection.read();
    }

    @Override
    public void received(ByteBuffer bytes, int count) {
        connection.shard.counters().served(0, count);
        paused = !session.received(bytes, count);
    }

    @Override
    public void ended() {
        paused = true;
        session.ended();
    }

    @Override
    public void sent() {
        session.kept(connection.unsentBytes(), 0);
    }

    @Override
    public int interest() {
        return paused ? 0 : Epoll.IN;
    }

    @Override
    public boolean isAnswering() {
        return false;
    }

    @Override
    public long lines() {
        return 0;
    }

    @Override
    public void closed() {
        session.closed();
    }

    /** The service has read what there was; called on the loop. */
    void resume() {
        paused = false;
        connection.update();
    }

    /** The service has written something; called on the loop. */
    void send(byte[] bytes) {
        if (!connection.isOpen()) {
            return;
        }
        connection.put(bytes);
        connection.flush();
        if (connection.isOpen()) {
            session.kept(connection.unsentBytes(), bytes.length);
            connection.update();
        }
    }
}
