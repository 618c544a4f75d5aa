/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConnection;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.jetty.PeerEndPoint;

/**
 * The tokens of the requests that are being served: one for each connection at most, since a connection has one request at a time. Each stands
 * for the caller's own object, and is worth nothing when its request is over. Safe to be used by any thread.
 */
public final class Tokens {

    /** 256 bits. */
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<PeerEndPoint, byte[]> live = new ConcurrentHashMap<>();

    /** Knows none. */
    Tokens() {}

    /**
     * Makes the token of a request that begins. The one before it on the same connection ends.
     *
     * @param endPoint the connection that the request came by
     * @return letters, digits, dashes and underscores, that nobody can guess
     */
    String issue(PeerEndPoint endPoint) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        live.put(endPoint, token.getBytes(StandardCharsets.US_ASCII));
        if (!endPoint.isOpen()) {
            // Its end may have been told before there was anything to end.
            end(endPoint);
        }
        return token;
    }

    /** Ends the token of whatever request is served on a connection, if there is one. */
    void end(EndPoint endPoint) {
        live.remove(endPoint);
    }

    /** Ends all. */
    void endAll() {
        live.clear();
    }

    /** How many there are. */
    public int count() {
        return live.size();
    }

    /** Whether a user of that name has one, so that nobody need be asked for it otherwise. */
    boolean hasOneOf(String user) {
        return live.keySet().stream().anyMatch(endPoint -> isOf(endPoint, user));
    }

    /**
     * Finds whose a token is. All tokens are compared to their end, so that it cannot be timed how much of a guess is right.
     *
     * @param user the name that came with it
     * @param token what may be one
     * @return the caller; empty if it is none, one of another user, or this thread works at a request of another connection
     */
    Optional<Caller> find(String user, byte[] token) {
        Optional<Caller> found = Optional.empty();
        for (Map.Entry<PeerEndPoint, byte[]> entry : live.entrySet()) {
            PeerEndPoint endPoint = entry.getKey();
            boolean same = MessageDigest.isEqual(token, entry.getValue());
            if (same && isOf(endPoint, user) && !isForeign(endPoint)) {
                found = Optional.of(endPoint.caller());
            }
        }
        return found;
    }

    private static boolean isOf(PeerEndPoint endPoint, String user) {
        return endPoint.caller().getUserPrincipal().getName().equals(user);
    }

    /** Whether Jetty has this thread work at a request of another connection: who has sent it a token there, has stolen it. */
    private static boolean isForeign(PeerEndPoint endPoint) {
        HttpConnection current = HttpConnection.getCurrentConnection();
        return current != null && current.getEndPoint() != endPoint;
    }
}
