/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.peercred.access.AuditEvent;

/**
 * Writes events, and folds repeated refusals of one user into one line a second, so that a stranger cannot flood the log. Used
 * by one thread.
 */
final class AuditFolder {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final UserNames names;
    private final BiConsumer<AuditEvent, String> writer;
    private final Map<Key, Fold> folds = new LinkedHashMap<>();

    /** Limits are told apart by their reasons, of which there are a few; those of refusals may name processes. */
    private record Key(AuditEvent.Type type, String listener, long uid, Optional<String> policy, String limit) {

        static Key of(AuditEvent event) {
            String limit = event.type() == AuditEvent.Type.LIMITED ? event.reason() : "";
            return new Key(event.type(), event.listener(), event.uid(), event.policy(), limit);
        }
    }

    private static final class Fold {
        private final long since;
        private AuditEvent latest;
        private long count;

        Fold(long since) {
            this.since = since;
        }
    }

    AuditFolder(UserNames names, BiConsumer<AuditEvent, String> writer) {
        this.names = names;
        this.writer = writer;
    }

    boolean isEmpty() {
        return folds.isEmpty();
    }

    void take(AuditEvent event, long now) {
        expire(now);
        if (event.type() != AuditEvent.Type.DENIED && event.type() != AuditEvent.Type.LIMITED) {
            write(event, 1);
            return;
        }
        Key key = Key.of(event);
        Fold fold = folds.get(key);
        if (fold == null) {
            folds.put(key, new Fold(now));
            write(event, 1);
        } else {
            fold.latest = event;
            fold.count++;
        }
    }

    /** Writes the lines whose second is over. A user who goes on is folded on. */
    void expire(long now) {
        while (!folds.isEmpty()) {
            Iterator<Map.Entry<Key, Fold>> oldest = folds.entrySet().iterator();
            Map.Entry<Key, Fold> entry = oldest.next();
            Fold fold = entry.getValue();
            if (now - fold.since < WINDOW_NANOS) {
                return;
            }
            oldest.remove();
            if (fold.count > 0) {
                write(fold.latest, fold.count);
                folds.put(entry.getKey(), new Fold(now));
            }
        }
    }

    /** Writes everything that is still folded. */
    void flush() {
        for (Fold fold : folds.values()) {
            if (fold.count > 0) {
                write(fold.latest, fold.count);
            }
        }
        folds.clear();
    }

    private void write(AuditEvent event, long count) {
        writer.accept(event, AuditLine.of(event, names.of(event.uid()), count));
    }
}
