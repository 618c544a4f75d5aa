/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.peercred.credentials.Peer;
import org.peercred.service.StreamConnection;
import org.peercred.service.StreamService;

/**
 * An open connection in streams, without a socket. A test has the client's side: it sends, and sees what the service wrote.
 *
 * <p>What the client sends may all be sent before the service is called, on the test's own thread; or the service runs on a
 * thread of its own, see {@link #serve}, and both talk. Writing never waits: there is no {@code write.buffer}.
 */
public class FakeStreamConnection extends FakeConnection implements StreamConnection {

    private final ByteQueue toService = new ByteQueue();
    private final ByteQueue toClient = new ByteQueue();
    private final InputStream input = toService.input();
    private final OutputStream output = toClient.output();
    private Thread server;

    /**
     * Connects a peer to a listener named {@code test}.
     *
     * @param peer the peer
     */
    public FakeStreamConnection(Peer peer) {
        super(peer);
    }

    /**
     * Connects a peer.
     *
     * @param peer the peer
     * @param listener the listener's name
     */
    public FakeStreamConnection(Peer peer, String listener) {
        super(peer, listener);
    }

    /**
     * The client sends something.
     *
     * @param text sent as UTF-8
     * @return this
     */
    public FakeStreamConnection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The client sends something.
     *
     * @param bytes all of them
     * @return this
     */
    public FakeStreamConnection send(byte[] bytes) {
        toService.put(bytes, 0, bytes.length);
        return this;
    }

    /**
     * The client shuts down its side, and still reads.
     *
     * @return this
     */
    public FakeStreamConnection halfClose() {
        toService.end();
        return this;
    }

    /**
     * Has a service serve this connection, on a daemon thread of its own as a listener does.
     *
     * @param service the service
     * @return completed when it is done with the connection, exceptionally if it threw
     * @throws IllegalStateException if a service does already
     */
    public synchronized CompletableFuture<Void> serve(StreamService service) {
        if (server != null) {
            throw new IllegalStateException("The connection is being served.");
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        server = new Thread(
                () -> {
                    try {
                        service.serve(this);
                        toClient.end();
                        done.complete(null);
                    } catch (Throwable e) {
                        toClient.end();
                        done.completeExceptionally(e);
                    }
                },
                "peercred-stream-" + id());
        server.setDaemon(true);
        server.start();
        return done;
    }

    /**
     * The connection is ended by the container, as by a policy or an operator: from now on both streams throw an {@link
     * java.io.IOException}, the thread of {@link #serve} is interrupted, and facts that nobody read are absent.
     */
    public synchronized void disconnect() {
        // Who waits for the client goes on when all of it is done.
        synchronized (toService) {
            toService.breakOff();
            toClient.breakOff();
            if (server != null && server != Thread.currentThread()) {
                server.interrupt();
            }
        }
        peer().close();
    }

    /**
     * Everything that the service wrote so far.
     *
     * @return as UTF-8
     */
    public String received() {
        return new String(toClient.all(), StandardCharsets.UTF_8);
    }

    /**
     * The next line that the service writes. Waits for it, for a limited time.
     *
     * @return as UTF-8, without its end
     * @throws AssertionError if it does not come, or the service is done first
     */
    public String line() {
        byte[] line = toClient.line()
                .orElseThrow(() -> new AssertionError("No line follows what was received: " + received()));
        return new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
    }

    /**
     * What the client sends. A read that nothing comes for ends with an {@link AssertionError} in the end.
     *
     * @return always the same stream
     */
    @Override
    public InputStream input() {
        return input;
    }

    /** Does nothing: a fake client goes when the test says so. */
    @Override
    public void endWithClient() {}

    @Override
    public OutputStream output() {
        return output;
    }
}
