/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.service.LastWords;

/**
 * Lets accepted connections in or turns them away, before a single byte of the client's is read: asks who it is, decides, looks
 * for a place, and opens what the listener offers. Used on the loop.
 */
final class Gate {

    static final String UNAVAILABLE = "Service unavailable";
    static final String TOO_MANY = "Too many connections";

    private final Shard shard;
    private final Listener listener;
    private final Worker worker;
    private final Throttle throttle;

    Gate(Shard shard, Throttle throttle) {
        this.shard = shard;
        this.listener = shard.listener;
        this.worker = shard.worker;
        this.throttle = throttle;
    }

    /** Whatever goes wrong with one connection, the next one is accepted. */
    void admitOrDrop(int accepted) {
        try {
            admit(accepted);
        } catch (Throwable e) {
            worker.discard("Listener " + listener.name() + ": a connection is dropped after an internal error", e);
            worker.loop.sources.drop(accepted);
        }
    }

    private void admit(int accepted) {
        long id = listener.nextConnectionId();
        Collaborators collaborators = listener.collaborators();
        Optional<PeerCredentialProvider> provider = collaborators.provider();
        if (provider.isEmpty()) {
            deny(accepted, id, null, Listener.refusal("there is no credential provider"));
            return;
        }
        Peer peer;
        try {
            peer = Objects.requireNonNull(provider.get().identify(accepted), "no peer");
        } catch (PeerCredentialException e) {
            deny(accepted, id, null, Listener.refusal("the peer is unknown: " + e.getMessage()));
            return;
        } catch (Throwable e) {
            deny(accepted, id, null, Listener.refusal("the peer is unknown: " + e));
            return;
        }
        try {
            admit(accepted, id, new Authorization(shard, peer), collaborators.offers());
        } catch (Throwable e) {
            peer.close();
            throw e;
        }
    }

    private void admit(int accepted, long id, Authorization authorization, List<Offer> offers) {
        try {
            Decision decision = authorization.decide();
            if (!decision.allowed()) {
                authorization.close();
                deny(accepted, id, authorization.peer(), decision);
                return;
            }
            Holding holding = Holding.of(shard, authorization.peer().uid());
            if (holding == null) {
                authorization.close();
                refuse(accepted, id, authorization.peer());
                return;
            }
            try {
                Offer offer = offers.isEmpty() ? null : offers.get(0);
                serve(new Connection(shard, accepted, id, authorization, holding, offer, decision), offer != null);
            } catch (Throwable e) {
                holding.release();
                throw e;
            }
        } catch (Throwable e) {
            authorization.close();
            throw e;
        }
    }

    /** It is its user's own time that is taken from now on, so that who has many waiting here does not keep others outside. */
    private void serve(Connection connection, boolean isServed) {
        worker.loop.sources.register(connection, 0);
        shard.opened(connection);
        if (isServed) {
            worker.loop.turns.now(connection);
        } else {
            shard.limit(connection, UNAVAILABLE, LastWords.Cause.UNAVAILABLE, UNAVAILABLE, "service unavailable");
        }
    }

    private void deny(int accepted, long id, Peer peer, Decision decision) {
        shard.ledger.denied(id, peer, decision);
        Optional<LastWords> own = ownWords();
        turnAway(
                accepted,
                own.isEmpty()
                        ? shard.deniedBytes()
                        : words(
                                own.get(),
                                LastWords.Cause.DENIED,
                                shard.settings().deniedMessage()));
    }

    private void refuse(int accepted, long id, Peer peer) {
        shard.ledger.limited(id, peer, TOO_MANY);
        Optional<LastWords> own = ownWords();
        turnAway(
                accepted,
                own.isEmpty()
                        ? shard.words(LastWords.Cause.LIMITED, TOO_MANY)
                        : words(own.get(), LastWords.Cause.LIMITED, TOO_MANY));
    }

    private void turnAway(int accepted, byte[] words) {
        Farewell farewell = new Farewell(worker, accepted, words);
        worker.loop.sources.register(farewell, 0);
        farewell.begin();
    }

    private Optional<LastWords> ownWords() {
        List<Offer> offers = listener.collaborators().offers();
        return offers.isEmpty() ? Optional.empty() : offers.get(0).lastWords();
    }

    private byte[] words(LastWords own, LastWords.Cause cause, String text) {
        return Words.of(own, cause, text, failure -> {
            if (throttle.lets(worker.loop.now())) {
                EventLoop.report(
                        "Listener " + listener.name() + ": " + own.getClass().getName()
                                + " failed to say its last words, which are left out",
                        failure);
            }
        });
    }
}
