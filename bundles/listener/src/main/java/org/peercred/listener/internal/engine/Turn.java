/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.access.Decision;
import org.peercred.listener.internal.loop.Epoll;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.service.LastWords;

/**
 * What a connection does when it is its turn: the first time it opens what is offered; from then on it sends what is left, has the
 * protocol go on and reads for it. Then it waits for what is to be waited for. Used on the loop.
 */
public final class Turn {

    private final Connection connection;
    /** {@code null} until the offer was opened. */
    private Protocol protocol;
    /** Whether nothing is read until the audit has caught up. */
    private boolean stalled;

    Turn(Connection connection) {
        this.connection = connection;
    }

    /** Takes it, for bits of epoll_ctl(2); 0 if it was asked for. */
    void take(int events) {
        if (protocol == null) {
            begin();
            return;
        }
        Unsent unsent = connection.unsent;
        if (!unsent.isEmpty()) {
            unsent.sendOn();
        }
        if (connection.isOpen()) {
            if (unsent.isEmpty() && connection.waitsForAudit()) {
                hold();
            } else {
                serve(events);
            }
        }
        update();
    }

    /** Opens what is offered, and serves whatever the client has sent already. */
    private void begin() {
        Shard shard = connection.shard;
        Decision allowed = connection.authorization.takeAdmission();
        try {
            protocol = connection.offer.open(connection);
        } catch (LimitException e) {
            shard.limit(connection, "Too many threads", LastWords.Cause.LIMITED, Gate.TOO_MANY, "too many threads");
            return;
        } catch (Throwable e) {
            connection.serviceFailed(e);
            connection.ending.with(LastWords.Cause.UNAVAILABLE, Gate.UNAVAILABLE, "the service failed");
            return;
        }
        shard.ledger.allowed(connection, allowed);
        // It was not idle while it waited for its turn.
        shard.served(connection);
        if (connection.waitsForAudit()) {
            stall();
        } else if (protocol.interest() != Protocol.Interest.EDGES) {
            read();
        }
        update();
    }

    private void hold() {
        protocol.settle();
        if (connection.isOpen()) {
            stall();
        }
    }

    private void serve(int events) {
        if (protocol.resume()) {
            // Where there is room to write, or another turn was asked for, there need be nothing to read.
            if ((events & ~Epoll.OUT) != 0) {
                read();
            }
        } else if (connection.isOpen() && events != 0) {
            changed(events);
        }
    }

    private void changed(int events) {
        Protocol.Interest interest = protocol.interest();
        if (interest == Protocol.Interest.EDGES) {
            connection.shard.touch(connection);
            protocol.edge((events & ~Epoll.OUT) != 0, (events & Epoll.OUT) != 0);
        } else if (interest == Protocol.Interest.END && (events & (Epoll.HANG_UP | Epoll.ERROR)) != 0) {
            connection.close("");
        }
    }

    /** Reads what there is, at most the longest line, and hands it on. */
    private void read() {
        Worker worker = connection.worker;
        int most = Math.min(ReadBuffer.CAPACITY, connection.settings().maxLineLength() + 1);
        long count = worker.libc.recv(connection.descriptor, worker.input.address(), most, 0);
        if (count > 0) {
            Shard shard = connection.shard;
            shard.touch(connection);
            connection.traffic.received(count);
            protocol.received(worker.input.bytes((int) count), (int) count);
        } else if (count == 0) {
            protocol.ended();
        } else {
            connection.closeOn(LibC.errno());
        }
    }

    /** Waits for what is to be waited for now. */
    private void update() {
        if (!connection.isOpen()) {
            return;
        }
        boolean wasWatched = connection.loop.sources.isWatched(connection);
        if (!connection.loop.sources.watch(connection, events())) {
            connection.close("the kernel has no room for another epoll entry");
        } else if (!wasWatched) {
            protocol.watched();
        }
    }

    private int events() {
        if (!connection.unsent.isEmpty()) {
            return Epoll.OUT;
        }
        return stalled ? 0 : protocol.interest().events;
    }

    /**
     * Whether more may be done in this turn, for the audit's sake and the others'.
     *
     * @return false if it goes on in another one, which there will be
     */
    public boolean mayGoOn() {
        if (connection.waitsForAudit()) {
            stall();
        } else if (connection.loop.turns.isOver()) {
            connection.again();
        } else {
            return true;
        }
        return false;
    }

    /** Reads nothing until the audit has caught up. */
    private void stall() {
        if (!stalled) {
            connection.worker.stalls.add(connection);
            stalled = true;
        }
    }

    /** Reads on. */
    void goOn() {
        stalled = false;
        if (connection.isOpen()) {
            // Who had to wait was not idle.
            connection.shard.touch(connection);
            connection.again();
        }
    }

    /** Whether the client waits: for the service, for the audit, or for a turn. Who is waited for does not, whatever else is going on. */
    boolean isBusy() {
        boolean served = connection.isOpen() && hasBegun();
        boolean answering = served && protocol.interest() == Protocol.Interest.END;
        return (connection.unsent.isEmpty() && (answering || stalled || connection.isQueued()))
                || (served && protocol.isBusy());
    }

    /** Whether the service has begun to talk with the client. */
    boolean hasBegun() {
        return protocol != null;
    }

    /** Has nobody wait for the client with more than the service has written so far. */
    void endWrites() {
        if (protocol != null) {
            protocol.endWrites();
        }
    }

    /** Sends what the service has written so far, as far as the client takes it. */
    void handOver() {
        if (protocol != null) {
            protocol.handOver();
        }
    }

    /** There will be no more. Whatever the service throws, it is over. */
    void close() {
        try {
            if (protocol != null) {
                protocol.closed();
            }
        } catch (Throwable e) {
            connection.serviceFailed(e);
        }
    }
}
