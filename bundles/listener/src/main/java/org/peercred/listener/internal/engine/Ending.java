/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.service.LastWords;

/** How one connection ends: once, with last words that say why, and so that nothing of it is left. Used on the loop. */
final class Ending {

    private final Connection connection;
    private final Shard shard;
    private final Authorization authorization;
    private final Unsent unsent;
    /** {@code null} if there was nothing to offer. */
    private final Offer offer;

    private boolean begun;
    /** The connection's own; {@code null} if they are its service's. */
    private volatile LastWords lastWords;

    Ending(Connection connection, Shard shard, Authorization authorization, Unsent unsent, Offer offer) {
        this.connection = connection;
        this.shard = shard;
        this.authorization = authorization;
        this.unsent = unsent;
        this.offer = offer;
    }

    boolean hasBegun() {
        return begun;
    }

    /** What is said instead of the service's last words. May be called by any thread. */
    void lastWords(LastWords words) {
        lastWords = words;
    }

    /** Sends the rest and a clean end of stream. */
    void wordless(String reason) {
        if (!begun) {
            farewell(Words.NONE, reason, true);
        }
    }

    /** Sends the rest, last words that say why, and a clean end of stream. */
    void with(LastWords.Cause cause, String text, String reason) {
        if (!begun) {
            worded(cause, text, reason, true);
        }
    }

    /** Sends the rest, for a container that stops: who has nothing to receive is not waited for. */
    void now(String reason) {
        if (!begun) {
            worded(LastWords.Cause.STOPPED, "", reason, false);
        }
    }

    /** The words are made first: a service that writes on meanwhile is told by that, and what it wrote comes before them. */
    private void worded(LastWords.Cause cause, String text, String reason, boolean waitForPeer) {
        connection.endWrites();
        byte[] words = words(cause, text);
        connection.handOver();
        if (!begun) {
            farewell(words, reason, waitForPeer);
        }
    }

    private byte[] words(LastWords.Cause cause, String text) {
        LastWords own = lastWords;
        if (own == null && offer != null) {
            own = offer.lastWords().orElse(null);
        }
        if (own != null) {
            return Words.of(own, cause, text, connection::serviceFailed);
        }
        if (!connection.isServed()) {
            return shard.words(cause, text);
        }
        return offer.mayBeFollowedByWords() ? shard.wordsBetween(text) : Words.NONE;
    }

    /** What is kept is allocated first: once the connection begins to end, it ends, be it without words. */
    private void farewell(byte[] words, String reason, boolean waitForPeer) {
        Farewell farewell = new Farewell(connection, shard.worker, unsent.rest(words), waitForPeer);
        try {
            finish(reason);
        } catch (Throwable e) {
            close(reason);
            throw e;
        }
        shard.worker.loop.sources.replace(connection, farewell);
        farewell.owe();
        try {
            farewell.begin();
        } catch (Throwable e) {
            shard.worker.loop.failed(farewell, e);
        }
    }

    /** Closes at once. */
    void close(String reason) {
        try {
            if (!begun) {
                finish(reason);
            }
        } finally {
            shard.worker.loop.sources.close(connection);
            // A farewell that took this connection's place gives back what it holds.
            if (!shard.worker.loop.sources.isTaken(connection.descriptor)) {
                connection.holding.release();
            }
        }
    }

    /** Gives back what is the connection's own. Whatever the service and the audit do, nothing of it is left. */
    private void finish(String reason) {
        begun = true;
        try {
            shard.closed(connection, reason);
        } finally {
            try {
                connection.closeProtocol();
            } finally {
                try {
                    unsent.discard();
                } finally {
                    authorization.close();
                }
            }
        }
    }
}
