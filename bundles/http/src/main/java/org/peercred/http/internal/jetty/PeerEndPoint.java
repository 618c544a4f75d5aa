/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.jetty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Invocable;
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

    /**
     * Jetty is about to wait for input; what came before it did was told to nobody. A thread that is to be woken up does not wait yet, and
     * would miss it (HttpInput notifies, and waits afterwards): the connector's clock does it, which waits for no client and gets the lock
     * that it takes only when that thread waits.
     */
    @Override
    protected void needsFillInterest() {
        if (!channel.isReadable()) {
            return;
        }
        if (getFillInterest().getCallbackInvocationType() == Invocable.InvocationType.NON_BLOCKING) {
            connector.getScheduler().schedule(fillable, 0, TimeUnit.MILLISECONDS);
        } else {
            connector.getExecutor().execute(fillable);
        }
    }

    /** Jetty waits for room; what became free before it did was told to nobody. */
    @Override
    protected void onIncompleteFlush() {
        if (channel.isWritable()) {
            run(goOnWriting, getWriteFlusher().getCallbackInvocationType());
        }
    }

    @Override
    public void readable() {
        if (getFillInterest().isInterested()) {
            run(fillable, getFillInterest().getCallbackInvocationType());
        }
    }

    @Override
    public void writable() {
        if (getWriteFlusher().isPending()) {
            run(goOnWriting, getWriteFlusher().getCallbackInvocationType());
        }
    }

    /**
     * What only wakes up one of Jetty's threads is done at once: when all of them wait for their clients, there is none left that
     * could do it.
     */
    private void run(Runnable task, Invocable.InvocationType type) {
        if (type == Invocable.InvocationType.NON_BLOCKING) {
            task.run();
        } else {
            connector.getExecutor().execute(task);
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
        wakeBlocked();
        try {
            connector.getExecutor().execute(this::close);
        } catch (RejectedExecutionException e) {
            // Jetty's threads have ended, and nobody waits any more.
            close();
        }
    }

    /** At once, for the same reason. */
    private void wakeBlocked() {
        if (getFillInterest().getCallbackInvocationType() == Invocable.InvocationType.NON_BLOCKING) {
            getFillInterest().onFail(new EofException("The connection has ended."));
        }
        if (getWriteFlusher().getCallbackInvocationType() == Invocable.InvocationType.NON_BLOCKING) {
            getWriteFlusher().onFail(new EofException("The connection has ended."));
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
