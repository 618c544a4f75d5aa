/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import java.nio.ByteBuffer;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.service.ChannelSession;

/** Tells a session what happens on its channel, and the connection what the session wants of it. */
final class ChannelProtocol implements Protocol {

    private final Connection connection;
    private final OpenChannel channel;
    private final ChannelSession session;

    ChannelProtocol(Connection connection, OpenChannel channel, ChannelSession session) {
        this.connection = connection;
        this.channel = channel;
        this.session = session;
    }

    /** What other threads left to be done here. The client's bytes are never read here. */
    @Override
    public boolean resume() {
        settle();
        if (connection.isOpen() && channel.takeHeldBack()) {
            edge(true, false);
        }
        return false;
    }

    @Override
    public void settle() {
        String failure = channel.failure();
        if (failure != null) {
            connection.close(failure);
        } else if (channel.hasEnded()) {
            connection.end("the service ended it");
        }
    }

    @Override
    public void edge(boolean input, boolean output) {
        try {
            if (input && channel.becomeReadable()) {
                session.readable();
            }
            if (output && connection.isOpen() && channel.becomeWritable()) {
                session.writable();
            }
        } catch (Throwable e) {
            connection.serviceFailed(e);
            connection.end("the service failed");
        }
    }

    @Override
    public void watched() {
        channel.watched();
    }

    @Override
    public void received(ByteBuffer bytes, int count) {
        throw new IllegalStateException("A channel is read by its service.");
    }

    @Override
    public void ended() {
        throw new IllegalStateException("A channel is read by its service.");
    }

    @Override
    public Interest interest() {
        return Interest.EDGES;
    }

    @Override
    public boolean isBusy() {
        try {
            return session.isBusy();
        } catch (Throwable e) {
            connection.serviceFailed(e);
            return false;
        }
    }

    @Override
    public void closed() {
        channel.seal();
        try {
            // Other threads ask as well: from when the service is told, they are told nothing that was not read before.
            connection.closePeer();
        } finally {
            session.closed();
        }
    }
}
