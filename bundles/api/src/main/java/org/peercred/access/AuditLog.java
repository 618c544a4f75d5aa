/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes audit events and hands them to whoever keeps them: the logger {@code org.peercred.audit}, EventAdmin where there is
 * one, and a ring in memory. All methods may be called by any thread.
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
     * Takes an event. Never blocks, never drops.
     *
     * @param event the event
     */
    void record(AuditEvent event);

    /**
     * The latest events, as lines of the audit log.
     *
     * @return oldest first, some hundreds at most
     */
    List<Entry> latest();

    /**
     * Hands on every event from now on, on a thread that must not be blocked for long.
     *
     * @param follower takes the event and its line
     * @return ends it
     */
    Subscription follow(BiConsumer<AuditEvent, String> follower);

    /**
     * An event and its line.
     *
     * @param event the event
     * @param line as written to the log; safe to show
     */
    record Entry(AuditEvent event, String line) {}

    /** Events being handed on. */
    @ProviderType
    interface Subscription extends AutoCloseable {
        /** Hands on no more. */
        @Override
        void close();
    }
}
