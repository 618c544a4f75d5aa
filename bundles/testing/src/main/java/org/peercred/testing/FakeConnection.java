/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;
import org.peercred.service.LastWords;
import org.peercred.service.PeerConnection;

/**
 * An open connection as its service sees it, without a socket. What it allows and which roles it knows a test says, and may say
 * otherwise at any time; it allows nothing until it is told to. May be used by any thread.
 */
public class FakeConnection implements PeerConnection {

    /** The policy that all decisions name. */
    public static final String POLICY = "fake";

    /** The reason of a decision that allows. */
    public static final String ALLOWED = "the test allows it";

    /** The reason of a decision that does not. */
    public static final String DENIED = "the test does not allow it";

    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final Peer peer;
    private final String listener;
    private final Set<String> allowed = ConcurrentHashMap.newKeySet();
    private final List<Recorded> recorded = new CopyOnWriteArrayList<>();
    private final AtomicInteger counted = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Supplier<Set<String>> roles = Set::of;
    private volatile Optional<LastWords> words = Optional.empty();

    /**
     * What a service had recorded in the audit log.
     *
     * @param action what was asked for
     * @param decision the decision that it gave
     * @param details what else it said
     */
    public record Recorded(String action, Decision decision, Map<String, String> details) {

        /** Checks that nothing is null, and takes a copy of the details. */
        public Recorded {
            Objects.requireNonNull(action);
            Objects.requireNonNull(decision);
            details = Map.copyOf(details);
        }
    }

    /**
     * A request that a service had recorded in the audit log.
     *
     * @param action what was asked for
     * @param reason how it ended
     * @param details what else it said
     */
    public record Request(String action, String reason, Map<String, String> details) {

        /** Checks that nothing is null, and takes a copy of the details. */
        public Request {
            Objects.requireNonNull(action);
            Objects.requireNonNull(reason);
            details = Map.copyOf(details);
        }
    }

    /**
     * Connects a peer to a listener named {@code test}.
     *
     * @param peer the peer
     */
    public FakeConnection(Peer peer) {
        this(peer, "test");
    }

    /**
     * Connects a peer.
     *
     * @param peer the peer
     * @param listener the listener's name
     */
    public FakeConnection(Peer peer, String listener) {
        this.peer = Objects.requireNonNull(peer);
        this.listener = Objects.requireNonNull(listener);
    }

    /**
     * Allows actions from now on.
     *
     * @param actions such as {@link org.peercred.access.AccessRequest#command(String)} names
     * @return this
     */
    public FakeConnection allow(String... actions) {
        allowed.addAll(List.of(actions));
        return this;
    }

    /**
     * Allows actions no longer.
     *
     * @param actions some that were allowed, or not
     * @return this
     */
    public FakeConnection deny(String... actions) {
        allowed.removeAll(List.of(actions));
        return this;
    }

    /**
     * Gives the peer these roles, and no others.
     *
     * @param names of roles
     * @return this
     */
    public FakeConnection grantRoles(String... names) {
        Set<String> granted = Set.of(names);
        return rolesFrom(() -> granted);
    }

    /**
     * Asks somebody for the peer's roles each time.
     *
     * @param source gives them; may throw an {@link IllegalStateException}, as for a real connection that is half gone
     * @return this
     */
    public FakeConnection rolesFrom(Supplier<Set<String>> source) {
        roles = source;
        return this;
    }

    /**
     * What was recorded so far.
     *
     * @return in order
     */
    public List<Recorded> recorded() {
        return List.copyOf(recorded);
    }

    /**
     * The only thing that was recorded so far; it is taken away, so that the next can be the only one again.
     *
     * @return what was recorded
     * @throws AssertionError if nothing was, or more
     */
    public Recorded takeRecorded() {
        List<Recorded> all = recorded();
        if (all.size() != 1) {
            throw new AssertionError("One record is expected, not " + all);
        }
        recorded.clear();
        return all.get(0);
    }

    /**
     * How many requests were counted so far.
     *
     * @return 0 or more
     */
    public int countedRequests() {
        return counted.get();
    }

    /**
     * The requests that were recorded so far.
     *
     * @return in order
     */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /**
     * What the client of this connection would be told at last.
     *
     * @param cause why it ends
     * @param text what a plain protocol says
     * @return what the words that were set say; without any, the text and a line end, or nothing if it is empty
     */
    public String lastWords(LastWords.Cause cause, String text) {
        return new String(
                words.map(found -> found.lastWords(cause, text))
                        .orElseGet(() -> (text.isEmpty() ? "" : text + "\n").getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String listener() {
        return listener;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Decision decide(String action) {
        boolean allows = allowed.contains(action);
        return new Decision(allows, Optional.of(POLICY), allows ? ALLOWED : DENIED, 1);
    }

    @Override
    public Set<String> roles() {
        return Set.copyOf(roles.get());
    }

    @Override
    public void audit(String action, Decision decision, Map<String, String> details) {
        recorded.add(new Recorded(action, decision, details));
    }

    @Override
    public String deniedMessage() {
        return "Unauthorized access";
    }

    @Override
    public void auditRequest(String action, String reason, Map<String, String> details) {
        requests.add(new Request(action, reason, details));
    }

    @Override
    public boolean auditsRequests() {
        return true;
    }

    @Override
    public void countRequest() {
        counted.incrementAndGet();
    }

    @Override
    public void lastWords(LastWords newWords) {
        words = Optional.of(newWords);
    }
}
