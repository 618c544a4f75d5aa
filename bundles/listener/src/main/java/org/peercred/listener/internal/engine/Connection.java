/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.time.Duration;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.ConnectionReport;
import org.peercred.service.LastWords;

/**
 * One open connection: what belongs to it, what is counted of it, and what its protocol asks of it. What it does when it is its
 * turn, its {@link Turn} knows; what its bytes mean, its {@link Protocol}. Used on its loop; what may be called by other threads
 * says so.
 */
public final class Connection extends Holding.Debtor {

    /** Why a connection is ended when too many bytes are kept. */
    private static final String OVER_BUDGET = "Too many bytes waiting";

    /** What it shares with the others of its loop. */
    public final Worker worker;

    /** What is sent. */
    public final Unsent unsent;

    /** What it does when it is its turn. */
    public final Turn turn;

    final Shard shard;
    final Traffic traffic;
    final Authorization authorization;
    final Ending ending;
    /** {@code null} if there was nothing to offer. */
    final Offer offer;

    private final long id;
    private final long openedAt;
    private long lines;

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
        this.traffic = new Traffic(shard.counters());
        this.id = id;
        this.authorization = authorization;
        this.openedAt = loop.now();
        this.offer = offer;
        this.unsent = new Unsent(this);
        this.turn = new Turn(this);
        this.ending = new Ending(this);
        authorization.letIn(this, admission);
        owe();
    }

    @Override
    protected void ready(int events) {
        turn.take(events);
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

    /** May be called by any thread: whether the audit has so much to write of this user that nothing more is read for now. */
    public boolean waitsForAudit() {
        return shard.listener.audit().isBehind(peer().uid());
    }

    /**
     * What other threads may use of the descriptor.
     *
     * @return to be sealed when the protocol is closed
     */
    public SharedSocket share() {
        return new SharedSocket(worker, this, traffic);
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

    /** Whether anything can come of it; false once it has begun to end. */
    public boolean isOpen() {
        return !ending.hasBegun();
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

    /** Closes at once if a system call failed for good; 0 if it did not fail. */
    void closeOn(int errno) {
        if (errno != 0 && errno != Errors.EAGAIN && errno != Errors.EINTR) {
            close(LibC.nameOf(errno));
        }
    }

    @Override
    protected void abandon() {
        close("internal error");
    }

    /** May be called by any thread: says in the log what the service threw. */
    public void serviceFailed(Throwable failure) {
        shard.serviceFailed(id, offer.service(), failure);
    }

    /** Lets go of the peer before the service is told of the end; again, does nothing. */
    public void closePeer() {
        authorization.close();
    }

    ConnectionReport report() {
        Peer peer = peer();
        return new ConnectionReport(
                id,
                shard.listener.name(),
                peer.uid(),
                peer.gid(),
                peer.pid(),
                age(),
                lines,
                traffic.received(),
                traffic.sent());
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
