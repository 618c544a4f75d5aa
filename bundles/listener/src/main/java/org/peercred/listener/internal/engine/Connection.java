/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;

/**
 * One open connection. What it waits for follows from its state: lines are read only while nothing is left to send and no
 * answer is outstanding, so a client that does not read is not read from.
 */
final class Connection extends Source implements LineConnection {

    private final Shard shard;
    private final long id;
    private final Peer peer;
    private final long openedAt;
    private final LineInput input;
    private Source exitWatch;
    private LineService service;
    private LineSession session;
    /** The session, where it takes bytes as they come instead of lines; else {@code null}. */
    private StreamSession stream;

    private boolean inputPaused;
    private final Unsent unsent;
    private ReplyContext outstanding;
    private boolean open = true;
    private long lines;

    Connection(Shard shard, int descriptor, long id, Peer peer) {
        super(shard.loop, descriptor);
        this.shard = shard;
        this.id = id;
        this.peer = peer;
        this.openedAt = loop.now();
        this.input = new LineInput(loop.pool);
        this.unsent = new Unsent(loop, descriptor, shard.counters());
    }

    /** Starts serving: the service's session, and whatever the client has sent already. */
    void begin(LineService newService, LineSession newSession) {
        service = newService;
        session = newSession;
        stream = newSession instanceof StreamSession streams ? streams : null;
        readable();
        if (open) {
            update();
        }
    }

    @Override
    void ready(int events) {
        if (!unsent.isEmpty()) {
            sendOn();
            if (open && unsent.isEmpty() && stream == null) {
                serve(null, 0);
            }
        } else if (outstanding == null) {
            readable();
        } else if ((events & (Epoll.HANG_UP | Epoll.ERROR)) != 0) {
            close("");
        }
        if (open) {
            update();
        }
    }

    private void readable() {
        int maximum = shard.settings().maxLineLength();
        long count = loop.libc.recv(descriptor, loop.input.address(), Math.min(EventLoop.READ_SIZE, maximum + 1), 0);
        if (count > 0) {
            shard.touch(this);
            if (stream == null) {
                serve(loop.input.bytes((int) count), (int) count);
                shard.latency().answered(loop.now());
            } else {
                shard.counters().served(0, count);
                inputPaused = !stream.received(loop.input.bytes((int) count), (int) count);
            }
        } else if (count == 0 && stream != null) {
            inputPaused = true;
            stream.ended();
        } else if (count == 0) {
            close("");
        } else {
            int errno = LibC.errno();
            if (errno != Errors.EAGAIN && errno != Errors.EINTR) {
                close(LibC.nameOf(errno));
            }
        }
    }

    /** Answers every whole line of what was kept and what was read, until something has to be waited for. */
    private void serve(ByteBuffer read, int count) {
        ListenerSettings settings = shard.settings();
        long before = lines;
        input.begin(read, count, settings.maxLineLength());
        Throwable failure = loop.answering.run(this, session, input, settings.writeBuffer());
        shard.counters().served(lines - before, count);
        flush();
        if (!open) {
            return;
        }
        if (failure != null) {
            shard.serviceFailed(this, failure);
            end("", "the service failed");
        } else if (loop.context.ended()) {
            end("", "the service ended it");
        } else if (input.tooLong()) {
            shard.audit(AuditEvent.Type.LIMITED, this, "Line too long");
            end("Line too long\n", "line too long");
        } else {
            input.keep();
        }
    }

    /** Whether the next line has to wait until the client has taken the replies to earlier ones. */
    boolean mustSend() {
        return !open || !unsent.isEmpty();
    }

    void countLine() {
        lines++;
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
            if (stream != null) {
                stream.kept(unsent.remaining(), 0);
            }
        }
        closeOn(errno);
    }

    private void closeOn(int errno) {
        if (errno != 0 && errno != Errors.EAGAIN && errno != Errors.EINTR) {
            close(LibC.nameOf(errno));
        }
    }

    private void update() {
        if (!loop.sources.watch(this, interest())) {
            close("the kernel has no room for another epoll entry");
        }
    }

    private int interest() {
        if (!unsent.isEmpty()) {
            return Epoll.OUT;
        }
        if (outstanding != null) {
            return Epoll.HANG_UP;
        }
        return inputPaused ? 0 : Epoll.IN;
    }

    /** The stream service has read what there was; called on the loop. */
    void resume() {
        inputPaused = false;
        if (open) {
            update();
        }
    }

    /** The stream service has written something; called on the loop. */
    void send(byte[] bytes) {
        if (!open) {
            return;
        }
        shard.touch(this);
        unsent.put(bytes);
        flush();
        if (open) {
            stream.kept(unsent.remaining(), bytes.length);
            update();
        }
    }

    int writeBuffer() {
        return shard.settings().writeBuffer();
    }

    /** Remembers that an answer comes later. */
    void await(ReplyContext context) {
        if (outstanding != null) {
            throw new IllegalStateException("An answer can be deferred once only.");
        }
        outstanding = context;
    }

    boolean isAnswering() {
        return outstanding != null;
    }

    /** An answer has come; called on the loop. */
    void answered(ReplyContext context, byte[] bytes) {
        if (!open || outstanding != context) {
            return;
        }
        outstanding = null;
        shard.touch(this);
        unsent.put(bytes);
        serve(null, 0);
        if (open) {
            update();
        }
    }

    /** Ends this connection with its peer's process from now on; false if that process cannot be watched. */
    boolean watchExit() {
        Optional<PeerProcess> process = peer.process().value();
        if (process.isEmpty()) {
            return false;
        }
        ExitWatch watch = new ExitWatch(this, process.get());
        if (watch.descriptor < 0) {
            return false;
        }
        if (!loop.sources.register(watch, Epoll.IN)) {
            loop.sources.release(watch);
            return false;
        }
        exitWatch = watch;
        return true;
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
        outstanding = null;
        input.discard();
        watchExitNoMore();
        shard.closed(this, reason, loop.now() - openedAt, lines);
        if (session != null) {
            try {
                session.closed();
            } catch (Throwable e) {
                shard.serviceFailed(this, e);
            }
        }
        peer.close();
    }

    ConnectionReport report() {
        return new ConnectionReport(
                id, listener(), peer.uid(), peer.gid(), peer.pid(), Duration.ofNanos(loop.now() - openedAt), lines);
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
