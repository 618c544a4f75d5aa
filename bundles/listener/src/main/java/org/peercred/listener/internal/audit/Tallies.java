/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.credentials.Peer;

/**
 * How often what happened within a second, of one kind: apart by reason (and action) for a few of them, the others together, and
 * what is counted because there is too much of it. Counting allocates nothing. Not thread-safe.
 */
final class Tallies {

    /** How many reasons are told apart. */
    static final int REASONS = 8;

    /** How many tallies there are. */
    static final int SIZE = REASONS + 2;

    private static final int OTHERS = REASONS;
    private static final int FLOOD = REASONS + 1;

    private final AuditEvent[] latest = new AuditEvent[SIZE];
    private final long[] counts = new long[SIZE];
    private String flood = "";

    /** Counts an event by its reason. */
    void add(AuditEvent event) {
        int tally = 0;
        while (tally < REASONS && counts[tally] > 0 && !alike(latest[tally], event)) {
            tally++;
        }
        count(tally, event);
    }

    /**
     * Counts an event that is not looked at any further.
     *
     * @param event the event
     * @param why why not
     */
    void flood(AuditEvent event, String why) {
        flood = why;
        count(FLOOD, event);
    }

    /** Counts one more like the latest that was not looked at. */
    void floodOn() {
        counts[FLOOD]++;
    }

    boolean isEmpty() {
        return total() == 0;
    }

    /** Whose events are counted. There are some. */
    long uid() {
        for (AuditEvent event : latest) {
            if (event != null) {
                return event.uid();
            }
        }
        return Peer.NO_PEER;
    }

    /** How many events are counted. */
    long total() {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        return total;
    }

    /** How many events one of them counts. */
    long count(int tally) {
        return counts[tally];
    }

    /** Whether one of them counts more reasons than are told apart. */
    boolean isOthers(int tally) {
        return tally == OTHERS;
    }

    /** What is said of one of them that counts something. */
    AuditEvent event(int tally) {
        AuditEvent event = latest[tally];
        if (tally == FLOOD) {
            return shared(event, anyAction(event), flood);
        }
        if (tally == OTHERS) {
            return shared(event, anyAction(event), "others, the latest: " + event.reason());
        }
        return counts[tally] == 1 ? event : shared(event, event.action(), event.reason());
    }

    /** Forgets one of them, which has been told. */
    void clear(int tally) {
        counts[tally] = 0;
        latest[tally] = null;
    }

    private void count(int tally, AuditEvent event) {
        latest[tally] = event;
        counts[tally]++;
    }

    private static boolean alike(AuditEvent one, AuditEvent other) {
        return one.reason().equals(other.reason()) && one.action().equals(other.action());
    }

    private static String anyAction(AuditEvent event) {
        return switch (event.type()) {
            case COMMAND -> AccessRequest.command("*");
            case REQUEST -> AccessRequest.EVERY_HTTP;
            default -> event.action();
        };
    }

    /** The latest of several, without what is that one's alone: what it said is not what the others said. */
    private static AuditEvent shared(AuditEvent event, String action, String reason) {
        String result = event.details().get(AuditEvent.RESULT);
        return new AuditEvent(
                event.time(),
                event.type(),
                event.listener(),
                event.connection(),
                event.uid(),
                event.gid(),
                event.pid(),
                action,
                event.policy(),
                reason,
                result == null ? Map.of() : Map.of(AuditEvent.RESULT, result));
    }

    /** An event of nobody in particular. */
    static AuditEvent anonymous(AuditEvent event) {
        return new AuditEvent(
                event.time(),
                event.type(),
                "*",
                0,
                Peer.NO_PEER,
                Peer.NO_PEER,
                OptionalInt.empty(),
                anyAction(event),
                Optional.empty(),
                event.reason(),
                Map.of());
    }
}
