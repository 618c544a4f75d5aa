/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.service.LastWords;

/** How one connection ends: once, with last words that say why, and so that nothing of it is left. Used on the loop. */
final class Ending {

    private final Connection connection;
    private boolean begun;
    /** The connection's own; {@code null} if they are its service's. */
    private volatile LastWords lastWords;

    Ending(Connection connection) {
        this.connection = connection;
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
        connection.turn.endWrites();
        byte[] words = words(cause, text);
        connection.turn.handOver();
        if (!begun) {
            farewell(words, reason, waitForPeer);
        }
    }

    private byte[] words(LastWords.Cause cause, String text) {
        LastWords own = lastWords;
        Offer offer = connection.offer;
        if (own == null && offer != null) {
            own = offer.lastWords().orElse(null);
        }
        if (own != null) {
            return Words.of(own, cause, text, connection::serviceFailed);
        }
        if (!connection.turn.hasBegun()) {
            return connection.shard.words(cause, text);
        }
        return offer.mayBeFollowedByWords() ? connection.shard.wordsBetween(text) : Words.NONE;
    }

    /** What is kept is allocated first: once the connection begins to end, it ends, be it without words. */
    private void farewell(byte[] words, String reason, boolean waitForPeer) {
        Farewell farewell = new Farewell(connection, connection.unsent.rest(words), waitForPeer);
        try {
            finish(reason);
        } catch (Throwable e) {
            close(reason);
            throw e;
        }
        connection.loop.sources.replace(connection, farewell);
        farewell.owe();
        try {
            farewell.begin();
        } catch (Throwable e) {
            connection.loop.failed(farewell, e);
        }
    }

    /** Closes at once. */
    void close(String reason) {
        try {
            if (!begun) {
                finish(reason);
            }
        } finally {
            connection.loop.sources.close(connection);
            // A farewell that took this connection's place gives back what it holds.
            if (!connection.loop.sources.isTaken(connection.descriptor)) {
                connection.holding.release();
            }
        }
    }

    /** Gives back what is the connection's own. Whatever the service and the audit do, nothing of it is left. */
    private void finish(String reason) {
        begun = true;
        try {
            connection.shard.closed(connection, reason);
        } finally {
            try {
                connection.turn.close();
            } finally {
                try {
                    connection.unsent.discard();
                } finally {
                    connection.authorization.close();
                }
            }
        }
    }
}
