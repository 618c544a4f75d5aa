/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.access.Decision;
import org.peercred.credentials.Peer;

/**
 * One open connection, as its service sees it. All methods may be called by any thread, at any time, after the connection has
 * ended too.
 *
 * <p>Facts of a peer are read by its connection's event loop alone. So {@link #decide} and {@link #roles()} are worked out there:
 * at once when they are called on it, otherwise the calling thread waits, for 10 seconds at most. Another connection's event loop
 * must not be made to wait: called on one, they throw {@link IllegalStateException}. A {@link ChannelConnection} works them out on
 * the calling thread instead.
 */
@ProviderType
public interface PeerConnection {

    /**
     * The connection's number.
     *
     * @return 1 or greater, never used again while the container runs
     */
    long id();

    /**
     * The name of the listener that accepted the connection.
     *
     * @return the name
     */
    String listener();

    /**
     * Who is connected.
     *
     * @return the peer; its ids are there for any thread, facts that nobody read yet may be read on the connection's event loop
     *     only, those of a {@link ChannelConnection} by any thread: its end waits for who reads one
     */
    Peer peer();

    /**
     * Decides whether the peer may do something on this listener. Facts that policies need are read from the peer, once; what
     * nobody read before the connection ended is absent afterwards.
     *
     * @param action for instance {@link org.peercred.access.AccessRequest#command(String)}
     * @return the decision; a refusal, with the reason, when there is nobody to decide, or the event loop does not answer, or the
     *     calling thread is interrupted while it waits, which it stays
     * @throws IllegalStateException on an event loop that is not this connection's
     */
    Decision decide(String action);

    /**
     * The peer's roles on this listener, as they are configured now.
     *
     * @return names of roles; none when there is nobody to tell. Unmodifiable
     * @throws IllegalStateException if they cannot be told: whoever knows them fails, the event loop does not answer, the calling
     *     thread is interrupted, which it stays, or is an event loop that is not this connection's
     */
    Set<String> roles();

    /**
     * Records in the audit log what the peer did, or was refused, as an event {@link
     * org.peercred.access.AuditEvent.Type#COMMAND}. That it connected and left is recorded already. Never waits and never throws;
     * what cannot be recorded is counted there.
     *
     * @param action what was asked for, for instance {@link org.peercred.access.AccessRequest#command(String)}
     * @param decision gives the policy, and the reason: where another is to be told, one like it with that reason
     * @param details what else there is to say, by key; without {@link org.peercred.access.AuditEvent#RESULT}, the decision says
     *     whether that is {@code ok} or {@code denied}. In text that a client chose, nothing need be escaped
     */
    void audit(String action, Decision decision, Map<String, String> details);

    /**
     * What clients of this listener are told when they are refused, {@code denied.message}, as it is configured now. For a service that
     * refuses a client something, in its own protocol.
     *
     * @return one line without its end; empty where they are told nothing
     */
    String deniedMessage();

    /**
     * Records in the audit log that a request of the peer's was answered, as an event {@link
     * org.peercred.access.AuditEvent.Type#REQUEST}, where such events are written. Never waits and never throws; what cannot be
     * recorded is counted there.
     *
     * @param action what was asked for, for instance {@link org.peercred.access.AccessRequest#http(String, String)}
     * @param reason how it ended
     * @param details what else there is to say, by key. In text that a client chose, nothing need be escaped
     */
    void auditRequest(String action, String reason, Map<String, String> details);

    /**
     * Whether {@link #auditRequest} records anything at present, so that nothing need be gathered for it otherwise.
     *
     * @return as the audit log is configured now
     */
    boolean auditsRequests();

    /**
     * Counts a request of the peer's that was answered, whether it is audited or not: for services that answer requests, and no lines, which
     * are counted by themselves. Never waits and never throws.
     */
    void countRequest();

    /**
     * Says what this client is told from now on when its connection is ended by the listener. Until then its service says it, if it
     * is a {@link LastWords}; otherwise it is plain text.
     *
     * @param words finds the words, on the connection's event loop
     */
    void lastWords(LastWords words);
}
