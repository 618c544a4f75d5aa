/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes audit events and hands them to whoever keeps them: the audit's own file, the logger {@code org.peercred.audit},
 * EventAdmin where there is one, and a ring in memory. All methods may be called by any thread.
 */
@ProviderType
public interface AuditLog {

    /**
     * Whether anybody keeps such events. If not, none need be built.
     *
     * @param type the type
     * @return true if a recorded event would reach somebody
     */
    boolean wants(AuditEvent.Type type);

    /**
     * Takes an event. Never blocks and never throws. Nothing is lost without a line that counts it: repeated refusals (see
     * {@link AuditEvent#isRefusal()}) are counted and told once a second, as is everything of a user whose lines are more than the
     * configured size in a minute, or more than can be written; what could not be written is counted by an event
     * {@link AuditEvent.Type#LOST}. Texts longer than {@link AuditEvent#LONGEST} are cut.
     *
     * @param event the event
     */
    void record(AuditEvent event);

    /**
     * Counts an event that could not even be made, for want of memory, so that a line says that it was lost. Allocates nothing,
     * and never throws.
     *
     * @param cause why
     */
    void missed(Throwable cause);

    /**
     * The latest events, as lines of the audit log.
     *
     * @return oldest first, some hundreds at most, fewer where their lines are long
     */
    List<Entry> latest();

    /**
     * Hands on every event from now on, on a thread that must not be blocked for long: while it is, nothing is written and nobody
     * new is let in.
     *
     * @param follower takes the event and its line. Where one line counts several events, the event is the latest of them,
     *     without what is that one's alone. What the follower throws is logged and ends nothing
     * @return ends it
     */
    default Subscription follow(BiConsumer<AuditEvent, String> follower) {
        return followEntries(entry -> follower.accept(entry.event(), entry.line()));
    }

    /**
     * As {@link #follow}, with all that is known of a line.
     *
     * @param follower takes each entry
     * @return ends it
     */
    Subscription followEntries(Consumer<Entry> follower);

    /**
     * An event and its line.
     *
     * @param event the event
     * @param line as written to the log; safe to show
     * @param count how many events the line counts, 1 or more, of which this is the latest
     */
    record Entry(AuditEvent event, String line, long count) {

        /**
         * A line of one event.
         *
         * @param event the event
         * @param line its line
         */
        public Entry(AuditEvent event, String line) {
            this(event, line, 1);
        }
    }

    /** Events being handed on. */
    @ProviderType
    interface Subscription extends AutoCloseable {
        /** Hands on no more. */
        @Override
        void close();
    }
}
