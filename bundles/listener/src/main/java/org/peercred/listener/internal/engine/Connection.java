/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;

/** One open connection: who is connected, what is left to send, and how it ends. What its bytes mean, its {@link Protocol} knows. */
final class Connection extends Source implements LineConnection {

    final Shard shard;
    private final long id;
    private final Peer peer;
    private final long openedAt;
    private final Unsent unsent;
    private LineService service;
    /** {@code null} until the service has opened its session. */
    private Protocol protocol;

    private Source exitWatch;
    private boolean open = true;

    Connection(Shard shard, int descriptor, long id, Peer peer) {
        super(shard.loop, descriptor);
        this.shard = shard;
        this.id = id;
        this.peer = peer;
        this.openedAt = loop.now();
        this.unsent = new Unsent(loop, descriptor, shard.counters());
    }

    /** Starts serving: the service's session, and whatever the client has sent already. */
    void begin(LineService newService, LineSession session) {
        service = newService;
        protocol = session instanceof StreamSession stream ? stream.protocol() : new LineProtocol(this, session);
        read();
        update();
    }

    boolean isOpen() {
        return open;
    }

    @Override
    void ready(int events) {
        if (unsent.isEmpty()) {
            protocol.ready(events);
        } else {
            sendOn();
        }
        update();
    }

    /** Reads what there is, at most the longest line, and hands it on. */
    void read() {
        int most = Math.min(EventLoop.READ_SIZE, shard.settings().maxLineLength() + 1);
        long count = loop.libc.recv(descriptor, loop.input.address(), most, 0);
        if (count > 0) {
            shard.touch(this);
            protocol.received(loop.input.bytes((int) count), (int) count);
        } else if (count == 0) {
            protocol.ended();
        } else {
            closeOn(LibC.errno());
        }
    }

    /** Whether anything more has to wait until the client has taken what is left to send, or for ever. */
    boolean mustSend() {
        return !open || !unsent.isEmpty();
    }

    int unsentBytes() {
        return unsent.remaining();
    }

    /** Adds to what is sent; it goes out with the next flush. */
    void put(byte[] bytes) {
        shard.touch(this);
        unsent.put(bytes);
    }

    /** Sends what was collected, and keeps what the kernel does not take. */
    void flush() {
        if (open) {
            closeOn(unsent.flush());
        }
    }

    private void sendOn() {
        int errno = unsent.sendOn();
        if (errno == 0) {
            shard.touch(this);
            protocol.sent();
        }
        closeOn(errno);
    }

    private void closeOn(int errno) {
        if (errno != 0 && errno != Errors.EAGAIN && errno != Errors.EINTR) {
            close(LibC.nameOf(errno));
        }
    }

    /** Waits for what is to be waited for now. */
    void update() {
        if (open && !loop.sources.watch(this, unsent.isEmpty() ? protocol.interest() : Epoll.OUT)) {
            close("the kernel has no room for another epoll entry");
        }
    }

    int writeBuffer() {
        return shard.settings().writeBuffer();
    }

    boolean isAnswering() {
        return protocol.isAnswering();
    }

    /** Ends this connection with its peer's process from now on; false if that process cannot be watched. */
    boolean watchExit() {
        exitWatch = ExitWatch.of(this);
        return exitWatch != null;
    }

    private void watchExitNoMore() {
        if (exitWatch != null) {
            loop.sources.release(exitWatch);
            exitWatch = null;
        }
    }

    /** Decides again, after policies have changed. */
    void recheck() {
        if (!open) {
            return;
        }
        Decision decision = decide(AccessRequest.CONNECT);
        if (!decision.allowed()) {
            shard.audit(AuditEvent.Type.REVOKED, this, decision);
            end(shard.deniedMessage(), "revoked");
        } else if (!shard.offers(service)) {
            end("Service unavailable\n", "service unavailable");
        } else if (!shard.settings().closeOnPeerExit()) {
            watchExitNoMore();
        } else if (exitWatch == null && !watchExit()) {
            shard.audit(
                    AuditEvent.Type.REVOKED,
                    this,
                    "the peer cannot be watched: " + peer.process().absence());
            end(shard.deniedMessage(), "revoked");
        }
    }

    /** Sends the rest, some last words and a clean end of stream. */
    void end(String lastWords, String reason) {
        farewell(lastWords, reason, true);
    }

    /** Sends the rest, for a container that stops: who has nothing to receive is not waited for. */
    void endNow(String reason) {
        farewell("", reason, false);
    }

    private void farewell(String lastWords, String reason, boolean waitForPeer) {
        if (!open) {
            return;
        }
        ByteBuffer rest = unsent.rest(lastWords);
        finish(reason);
        Farewell farewell = new Farewell(loop, descriptor, rest, waitForPeer);
        loop.sources.replace(this, farewell);
        farewell.begin();
    }

    /** Closes at once. */
    void close(String reason) {
        if (open) {
            finish(reason);
            loop.sources.close(this);
        }
    }

    @Override
    void abandon() {
        close("internal error");
    }

    private void finish(String reason) {
        open = false;
        unsent.discard();
        watchExitNoMore();
        shard.closed(this, reason, loop.now() - openedAt, lines());
        if (protocol != null) {
            try {
                protocol.closed();
            } catch (Throwable e) {
                shard.serviceFailed(this, e);
            }
        }
        peer.close();
    }

    private long lines() {
        return protocol == null ? 0 : protocol.lines();
    }

    ConnectionReport report() {
        return new ConnectionReport(
                id, listener(), peer.uid(), peer.gid(), peer.pid(), Duration.ofNanos(loop.now() - openedAt), lines());
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return shard.listenerName();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Decision decide(String action) {
        return shard.decide(peer, action);
    }
}
