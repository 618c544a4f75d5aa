/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.time.Duration;
import java.util.Optional;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LastWords;

/**
 * One open connection: whose turn it is, what is read, and what is left to send. What its bytes mean, its {@link Protocol} knows.
 * Used on its loop; what may be called by other threads says so.
 */
public final class Connection extends Holding.Debtor {

    /** Why a connection is ended when too many bytes are kept. */
    private static final String OVER_BUDGET = "Too many bytes waiting";

    private final Shard shard;
    private final Worker worker;
    private final long id;
    private final Authorization authorization;
    private final long openedAt;
    private final Unsent unsent;
    private final Ending ending;
    /** {@code null} if there was nothing to offer. */
    private final Offer offer;
    /** {@code null} until the offer was opened. */
    private Protocol protocol;
    /** Why it is let in; {@code null} once its first turn has come. */
    private Decision admission;

    private long lines;
    /** Whether nothing is read until the audit has caught up. */
    private boolean stalled;

    Connection(
            Shard shard,
            int descriptor,
            long id,
            Authorization authorization,
            Holding holding,
            Offer offer,
            Decision admission) {
        super(shard.worker.loop, descriptor, holding.lane(), holding);
        this.shard = shard;
        this.worker = shard.worker;
        this.id = id;
        this.authorization = authorization;
        this.openedAt = loop.now();
        this.offer = offer;
        this.admission = admission;
        this.unsent = new Unsent(worker, descriptor, shard.counters(), holding);
        this.ending = new Ending(this, shard, authorization, unsent, offer);
        authorization.of(this);
        owe();
    }

    /** Why it is let in, while it waits for its first turn. */
    Optional<Decision> admission() {
        return Optional.ofNullable(admission);
    }

    /** Opens what is offered, and serves whatever the client has sent already. */
    private void begin() {
        Decision allowed = admission;
        admission = null;
        try {
            protocol = offer.open(this);
        } catch (LimitException e) {
            shard.limit(this, "Too many threads", LastWords.Cause.LIMITED, Gate.TOO_MANY, "too many threads");
            return;
        } catch (Throwable e) {
            serviceFailed(e);
            ending.with(LastWords.Cause.UNAVAILABLE, Gate.UNAVAILABLE, "the service failed");
            return;
        }
        shard.ledger.allowed(this, allowed);
        // It was not idle while it waited for its turn.
        shard.served(this);
        if (waitsForAudit()) {
            stall();
        } else if (protocol.interest() != Protocol.Interest.EDGES) {
            read();
        }
        update();
    }

    @Override
    protected void ready(int events) {
        if (admission != null) {
            begin();
            return;
        }
        if (!unsent.isEmpty()) {
            sendOn();
        }
        if (isOpen()) {
            if (unsent.isEmpty() && waitsForAudit()) {
                hold();
            } else {
                serve(events);
            }
        }
        update();
    }

    private void hold() {
        protocol.settle();
        if (isOpen()) {
            stall();
        }
    }

    private void serve(int events) {
        if (protocol.resume()) {
            // Where there is room to write, or another turn was asked for, there need be nothing to read.
            if ((events & ~Epoll.OUT) != 0) {
                read();
            }
        } else if (isOpen() && events != 0) {
            changed(events);
        }
    }

    private void changed(int events) {
        Protocol.Interest interest = protocol.interest();
        if (interest == Protocol.Interest.EDGES) {
            shard.touch(this);
            protocol.edge((events & ~Epoll.OUT) != 0, (events & Epoll.OUT) != 0);
        } else if (interest == Protocol.Interest.END && (events & (Epoll.HANG_UP | Epoll.ERROR)) != 0) {
            close("");
        }
    }

    /** Gives this connection another turn, soon. */
    public void again() {
        loop.turns.again(this);
    }

    @Override
    protected String what() {
        String service = offer == null ? "none" : offer.service().getClass().getName();
        return "connection " + id + " of listener " + shard.listener.name() + ", service " + service;
    }

    @Override
    protected void taskLost() {
        shard.recheckIfPending();
        if (isOpen()) {
            again();
        }
    }

    /** Whether the audit has so much to write of this user that nothing more is read for now. */
    public boolean waitsForAudit() {
        return shard.listener.audit().isBehind(peer().uid());
    }

    /** Reads nothing until the audit has caught up. */
    public void stall() {
        if (!stalled) {
            worker.stalls.add(this);
            stalled = true;
        }
    }

    /** Reads on. */
    void goOn() {
        stalled = false;
        if (isOpen()) {
            // Who had to wait was not idle.
            shard.touch(this);
            again();
        }
    }

    /**
     * What other threads may use of the descriptor.
     *
     * @return to be sealed when the protocol is closed
     */
    public SharedSocket share() {
        return new SharedSocket(worker, this, shard.counters());
    }

    /** Reads what there is, at most the longest line, and hands it on. */
    private void read() {
        int most = Math.min(ReadBuffer.CAPACITY, settings().maxLineLength() + 1);
        long count = worker.libc.recv(descriptor, worker.input.address(), most, 0);
        if (count > 0) {
            shard.touch(this);
            shard.counters().received(count);
            protocol.received(worker.input.bytes((int) count), (int) count);
        } else if (count == 0) {
            protocol.ended();
        } else {
            closeOn(LibC.errno());
        }
    }

    /** Counts lines that were answered. Whoever had to wait for that, or for a turn, was not idle until then. */
    public void answered(int count) {
        if (isOpen()) {
            shard.served(this);
        }
        lines += count;
        shard.counters().answered(count);
    }

    /** Notes how long it took to answer what was read. */
    public void noteLatency() {
        shard.latency().answered(loop.now());
    }

    /** Whether anything more has to wait until the client has taken what is left to send, or for ever. */
    public boolean mustSend() {
        return !isOpen() || !unsent.isEmpty();
    }

    /** How many bytes are left to send. */
    public int unsentBytes() {
        return unsent.remaining();
    }

    /**
     * Adds to what is sent; it goes out with the next {@link #flush}.
     *
     * @param bytes not to be changed afterwards
     */
    public void put(byte[] bytes) {
        shard.touch(this);
        unsent.put(bytes);
    }

    /** Sends what was collected, and keeps what the kernel does not take. */
    public void flush() {
        assert loop.isCurrent();
        if (!isOpen()) {
            return;
        }
        try {
            closeOn(unsent.flush());
        } catch (Throwable e) {
            worker.discard("Connection " + id + " is closed after an internal error", e);
            close("internal error");
        }
    }

    private void sendOn() {
        int errno = unsent.sendOn();
        if (errno == 0) {
            shard.touch(this);
        }
        closeOn(errno);
    }

    private void closeOn(int errno) {
        if (errno != 0 && errno != Errors.EAGAIN && errno != Errors.EINTR) {
            close(LibC.nameOf(errno));
        }
    }

    /** Waits for what is to be waited for now. */
    private void update() {
        if (!isOpen()) {
            return;
        }
        boolean wasWatched = loop.sources.isWatched(this);
        if (!loop.sources.watch(this, events())) {
            close("the kernel has no room for another epoll entry");
        } else if (!wasWatched) {
            protocol.watched();
        }
    }

    private int events() {
        if (!unsent.isEmpty()) {
            return Epoll.OUT;
        }
        return stalled ? 0 : protocol.interest().events;
    }

    /** Whether an answer of the service is outstanding. */
    private boolean isAnswering() {
        return isOpen() && admission == null && protocol.interest() == Protocol.Interest.END;
    }

    /** Whether the client waits: for the service, for the audit, or for a turn. Who is waited for does not, whatever else is going on. */
    boolean isBusy() {
        return (unsent.isEmpty() && (isAnswering() || stalled || isQueued()))
                || (isOpen() && admission == null && protocol.isBusy());
    }

    /** Decides again, after policies have changed. */
    void recheck() {
        if (!isOpen()) {
            return;
        }
        Decision decision = authorization.decide();
        boolean waits = admission != null;
        if (waits) {
            admission = decision.allowed() ? decision : null;
        }
        if (waits && !decision.allowed()) {
            shard.ledger.denied(id, peer(), decision);
            ending.with(LastWords.Cause.DENIED, settings().deniedMessage(), "denied before its first turn");
        } else if (!decision.allowed()) {
            shard.ledger.revoked(this, decision);
            ending.with(LastWords.Cause.REVOKED, settings().deniedMessage(), "revoked");
        } else if (!shard.offers(offer)) {
            ending.with(LastWords.Cause.UNAVAILABLE, Gate.UNAVAILABLE, "service unavailable");
        }
    }

    /** Whether anything can come of it; false once it has begun to end. */
    public boolean isOpen() {
        return !ending.hasBegun();
    }

    /** Whether the service has begun to talk with the client. */
    boolean isServed() {
        return protocol != null;
    }

    Ending ending() {
        return ending;
    }

    /**
     * Sends the rest and a clean end of stream.
     *
     * @param reason for the audit
     */
    public void end(String reason) {
        ending.wordless(reason);
    }

    /**
     * Sends the rest, what limit was reached, and a clean end of stream.
     *
     * @param limit for the client and the audit
     * @param reason for the audit of the end
     */
    public void limit(String limit, String reason) {
        shard.limit(this, limit, LastWords.Cause.LIMITED, limit, reason);
    }

    @Override
    void endOverBudget() {
        if (unsent.isEmpty()) {
            limit(OVER_BUDGET, OVER_BUDGET);
        } else {
            shard.ledger.limited(id, peer(), OVER_BUDGET);
            close(OVER_BUDGET);
        }
    }

    /**
     * Closes at once.
     *
     * @param reason for the audit
     */
    public void close(String reason) {
        assert loop.isCurrent();
        ending.close(reason);
    }

    @Override
    protected void abandon() {
        close("internal error");
    }

    /** May be called by any thread: says in the log what the service threw. */
    public void serviceFailed(Throwable failure) {
        shard.serviceFailed(id, offer.service(), failure);
    }

    /** Sends what the service has written so far, as far as the client takes it. */
    void handOver() {
        if (protocol != null) {
            protocol.handOver();
        }
    }

    void closeProtocol() {
        try {
            if (protocol != null) {
                protocol.closed();
            }
        } catch (Throwable e) {
            serviceFailed(e);
        }
    }

    /** Lets go of the peer before the service is told of the end; again, does nothing. */
    public void closePeer() {
        authorization.close();
    }

    ConnectionReport report() {
        Peer peer = peer();
        return new ConnectionReport(id, shard.listener.name(), peer.uid(), peer.gid(), peer.pid(), age(), lines);
    }

    /** Whether it was let in not longer ago than that, and has had no answer. */
    boolean isUnheard(long nanos) {
        return isOpen() && lines == 0 && System.nanoTime() - openedAt < nanos;
    }

    Duration age() {
        return Duration.ofNanos(loop.now() - openedAt);
    }

    /** Lines answered so far. */
    long lines() {
        return lines;
    }

    /** May be called by any thread: its number. */
    public long id() {
        return id;
    }

    Peer peer() {
        return authorization.peer();
    }

    Shard shard() {
        return shard;
    }

    /** What it shares with the others of its loop. */
    public Worker worker() {
        return worker;
    }

    /** May be called by any thread: the settings in force. */
    public ListenerSettings settings() {
        return shard.settings();
    }

    /** May be called by any thread: how many bytes may be left to send before nothing more is read. */
    public int writeBuffer() {
        return (int) Math.min(settings().writeBuffer(), worker.budget.share());
    }

    /**
     * Counts bytes that are kept for this connection from now on, or no longer. May be called by any thread.
     *
     * @param more bytes, less than 0 if they are kept no longer
     * @return false if the connection is gone: then nothing was counted
     */
    public boolean keep(long more) {
        return holding.keep(more);
    }
}
