/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/** One connection as MINA SSHD sees it: it writes to a stream, and waits while the client does not read. */
final class StreamIoSession extends AbstractCloseable implements IoSession {

    /** There is none, and SSHD wants one to print. */
    private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("peercred", 0);

    private final long id;
    private final PacketOutput packets;
    private final Runnable closed;
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

    /**
     * Wraps a connection.
     *
     * @param id its number
     * @param out takes packets
     * @param closed told when SSHD is done with it, by any thread
     */
    StreamIoSession(long id, OutputStream out, Runnable closed) {
        this.id = id;
        this.packets = new PacketOutput(out);
        this.closed = closed;
    }

    /** Where packets go. */
    PacketOutput packets() {
        return packets;
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) throws IOException {
        packets.send(buffer.array(), buffer.rpos(), buffer.wpos());
        return AbstractIoWriteFuture.fulfilled(this, true);
    }

    @Override
    protected void doCloseImmediately() {
        packets.silence();
        super.doCloseImmediately();
        closed.run();
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public SocketAddress getAcceptanceAddress() {
        return NOWHERE;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return NOWHERE;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return NOWHERE;
    }

    @Override
    public Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    /** Nobody has accepted it for SSHD. */
    @Override
    public IoService getService() {
        return null;
    }

    @Override
    public void shutdownOutputStream() {}

    @Override
    public void suspendRead() {}

    @Override
    public void resumeRead() {}

    @Override
    public String toString() {
        return "connection " + id;
    }
}
