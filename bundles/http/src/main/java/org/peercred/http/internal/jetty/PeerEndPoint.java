/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.jetty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.peercred.http.internal.caller.Caller;
import org.peercred.service.ChannelConnection;
import org.peercred.service.ChannelSession;

/**
 * A connection as Jetty reads and writes it, on Jetty's threads. What the event loop tells is handed to these at once: neither Jetty's code nor
 * an application's ever runs on the loop.
 */
public final class PeerEndPoint extends AbstractEndPoint implements ChannelSession {

    private final PeerConnector connector;
    private final ChannelConnection channel;
    private final Caller caller;
    private final Runnable fillable = this::fillable;
    private final Runnable goOnWriting = this::goOnWriting;

    PeerEndPoint(PeerConnector connector, ChannelConnection channel, Caller caller) {
        super(connector.getScheduler());
        this.connector = connector;
        this.channel = channel;
        this.caller = caller;
    }

    /** Who is connected. */
    public Caller caller() {
        return caller;
    }

    /** There is no address: who is connected is known better. */
    @Override
    public InetSocketAddress getLocalAddress() {
        return null;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return null;
    }

    @Override
    public Object getTransport() {
        return channel;
    }

    @Override
    public int fill(ByteBuffer buffer) {
        if (isInputShutdown()) {
            return -1;
        }
        int position = BufferUtil.flipToFill(buffer);
        int count;
        try {
            count = channel.read(buffer);
        } catch (IOException e) {
            // As at the end of what the client sends: there is nothing more to be had.
            count = -1;
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
        if (count > 0) {
            notIdle();
        } else if (count < 0) {
            shutdownInput();
        }
        return count;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        long count;
        try {
            count = channel.write(buffers);
        } catch (IOException e) {
            throw new EofException(e);
        }
        if (count > 0) {
            notIdle();
        }
        for (ByteBuffer buffer : buffers) {
            if (buffer.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** Jetty waits for input; what came before it did was told to nobody. */
    @Override
    protected void needsFillInterest() {
        if (channel.isReadable()) {
            connector.getExecutor().execute(fillable);
        }
    }

    /** Jetty waits for room; what became free before it did was told to nobody. */
    @Override
    protected void onIncompleteFlush() {
        if (channel.isWritable()) {
            connector.getExecutor().execute(goOnWriting);
        }
    }

    @Override
    public void readable() {
        if (getFillInterest().isInterested()) {
            connector.getExecutor().execute(fillable);
        }
    }

    @Override
    public void writable() {
        if (getWriteFlusher().isPending()) {
            connector.getExecutor().execute(goOnWriting);
        }
    }

    private void fillable() {
        getFillInterest().fillable();
    }

    private void goOnWriting() {
        getWriteFlusher().completeWrite();
    }

    /** Whether an application is at work: neither a request nor room is waited for. */
    @Override
    public boolean isBusy() {
        return !getFillInterest().isInterested() && !getWriteFlusher().isPending();
    }

    /** The listener has ended it; who waits for something in it learns of that. */
    @Override
    public void closed() {
        if (!isOpen()) {
            // It was Jetty that ended it.
            return;
        }
        try {
            connector.getExecutor().execute(this::close);
        } catch (RejectedExecutionException e) {
            // Jetty's threads have ended, and nobody waits any more.
            close();
        }
    }

    @Override
    protected void doShutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // It has ended altogether, which is more than was asked for.
        }
    }

    @Override
    protected void doClose() {
        channel.end();
    }

    @Override
    public void onClose() {
        try {
            super.onClose();
        } finally {
            leave();
        }
    }

    @Override
    protected void onClose(Throwable failure) {
        try {
            super.onClose(failure);
        } finally {
            leave();
        }
    }

    private void leave() {
        Connection connection = getConnection();
        if (connection != null) {
            connection.onClose();
        }
        connector.closed(this);
    }
}
