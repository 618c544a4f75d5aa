/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.peercred.access.AuditEvent;

/**
 * What happens again and again, kept together by type, listener, user, and policy or result: the first is told at once, the rest of
 * a second by one line for each reason. Of so many kinds at a time, that is; all others of a type are counted together. Not
 * thread-safe.
 */
final class Folds {

    /** How many kinds are kept apart at a time. */
    static final int MOST = 256;

    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Of those for whom there is no room, one is told by itself this often, so that nobody is lost in a crowd that is gone. */
    private static final long STRAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final String CROWD = "events of more users, listeners and policies than are counted apart";

    private final Fold[] table = new Fold[2 * MOST];
    private final Map<AuditEvent.Type, Fold> crowds = new EnumMap<>(AuditEvent.Type.class);
    private int open;
    private long strayedAt;
    private long earliest = Long.MAX_VALUE;

    /**
     * Counts a refusal.
     *
     * @param event the refusal
     * @param now the time
     * @return false if it is the first of its kind for a while, and is to be told
     */
    boolean fold(AuditEvent event, long now) {
        Fold fold = find(event);
        if (fold != null) {
            fold.tallies.add(event);
            return true;
        }
        if (open < MOST) {
            open(event, now);
            return false;
        }
        if (now - strayedAt >= STRAY_NANOS) {
            strayedAt = now;
            return false;
        }
        crowd(event, now);
        return true;
    }

    /**
     * Counts an event of any type.
     *
     * @param event the event
     * @param why why it is not told by itself
     * @param now the time
     */
    void flood(AuditEvent event, String why, long now) {
        Fold fold = find(event);
        if (fold == null && open < MOST) {
            fold = open(event, now);
        }
        if (fold == null) {
            crowd(event, now);
        } else {
            fold.tallies.flood(event, why);
        }
    }

    boolean isEmpty() {
        return earliest == Long.MAX_VALUE;
    }

    /** How many events are counted. */
    long total() {
        long total = 0;
        for (Fold place : table) {
            for (Fold fold = place; fold != null; fold = fold.next) {
                total += fold.tallies.total();
            }
        }
        for (Fold crowd : crowds.values()) {
            total += crowd.tallies.total();
        }
        return total;
    }

    /** Whether a call of {@link #due} would find something. */
    boolean isDue(long now) {
        return !isEmpty() && now - earliest >= 0;
    }

    /**
     * Hands over what has been counted for a second. A user who goes on is folded on.
     *
     * @param now the time
     * @param all whether the second need not be over
     * @param teller takes each kind's tallies
     */
    void due(long now, boolean all, Consumer<Tallies> teller) {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < table.length; i++) {
            Fold before = null;
            for (Fold fold = table[i]; fold != null; fold = fold.next) {
                boolean over = all || isOver(fold, now);
                if (over && fold.tallies.isEmpty()) {
                    remove(i, before, fold);
                    continue;
                }
                if (over) {
                    Tallies fresh = new Tallies();
                    teller.accept(fold.tallies);
                    fold.tallies = fresh;
                    fold.since = now;
                }
                next = Math.min(next, fold.since + WINDOW_NANOS);
                before = fold;
            }
        }
        for (Iterator<Fold> iterator = crowds.values().iterator(); iterator.hasNext(); ) {
            Fold crowd = iterator.next();
            if (all || isOver(crowd, now)) {
                teller.accept(crowd.tallies);
                iterator.remove();
            } else {
                next = Math.min(next, crowd.since + WINDOW_NANOS);
            }
        }
        earliest = next;
    }

    private static boolean isOver(Fold fold, long now) {
        return now - fold.since >= WINDOW_NANOS;
    }

    private void remove(int i, Fold before, Fold fold) {
        if (before == null) {
            table[i] = fold.next;
        } else {
            before.next = fold.next;
        }
        open--;
    }

    private Fold find(AuditEvent event) {
        if (open == 0) {
            return null;
        }
        Fold fold = table[index(event)];
        while (fold != null && !fold.takes(event)) {
            fold = fold.next;
        }
        return fold;
    }

    private Fold open(AuditEvent event, long now) {
        Fold fold = new Fold(event, now);
        int i = index(event);
        fold.next = table[i];
        table[i] = fold;
        open++;
        earliest = Math.min(earliest, now + WINDOW_NANOS);
        return fold;
    }

    private void crowd(AuditEvent event, long now) {
        Fold crowd = crowds.get(event.type());
        if (crowd != null) {
            crowd.tallies.floodOn();
            return;
        }
        AuditEvent anonymous = Tallies.anonymous(event);
        crowd = new Fold(anonymous, now);
        crowd.tallies.flood(anonymous, CROWD);
        crowds.put(event.type(), crowd);
        earliest = Math.min(earliest, now + WINDOW_NANOS);
    }

    private int index(AuditEvent event) {
        return (Fold.hash(event) >>> 16) % table.length;
    }
}
