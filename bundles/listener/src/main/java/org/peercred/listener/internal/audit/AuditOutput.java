/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.listener.internal.audit.file.FileLog;
import org.peercred.listener.internal.audit.file.LineBytes;

/**
 * Everything that a line goes to: the audit's own file, which has it first, the logger, the memory, and who follows. Where there is a
 * file, it alone decides whether an event is written. One thread writes; what may be called by others says so.
 */
final class AuditOutput {

    private final FileLog file;
    private final LineLog log;
    private final AuditRing ring;
    private final Followers followers;
    private final LineBytes jsonBytes = new LineBytes();
    private final JsonLine jsonLine = new JsonLine(jsonBytes, ZoneId.systemDefault());
    private final Timestamps timestamps = new Timestamps(ZoneId.systemDefault());
    private final LineBytes bytes = new LineBytes();
    private final AuditLine line = new AuditLine(bytes);
    private volatile Set<AuditEvent.Type> events = AuditSettings.EVENTS;
    private volatile boolean json;
    private final AtomicLong written = new AtomicLong();
    private volatile long left;

    AuditOutput(FileLog file, LineLog log, AuditRing ring, Followers followers) {
        this.file = file;
        this.log = log;
        this.ring = ring;
        this.followers = followers;
    }

    /** Says what is written, and how. May be called by any thread. */
    void use(AuditSettings settings) {
        events = settings.events();
        json = settings.json();
        file.use(settings.file());
    }

    /** Whether such an event would reach anybody. May be called by any thread. */
    boolean wants(AuditEvent.Type type) {
        return isHeard(type) || (isKept(type) && (file.isUsed() || log.wants(type.isWarning())));
    }

    /** Whether anything is done with such an event, be it only in memory. May be called by any thread. */
    boolean takes(AuditEvent.Type type) {
        return isKept(type) || isHeard(type);
    }

    /** Who follows hears of everything but requests: of these there are so many that somebody has to have asked for them. */
    private boolean isHeard(AuditEvent.Type type) {
        return !followers.isEmpty() && (type != AuditEvent.Type.REQUEST || isKept(type));
    }

    /**
     * Writes an event's line, with the parameters of {@link AuditFields#tell}. Who only listens hears of it even where it cannot be
     * written.
     *
     * @return how long the line is, in bytes; 0 where it is not written
     */
    int write(AuditEvent event, Optional<String> user, long count, boolean others) {
        make(event, user, count, others);
        boolean kept = isKept(event.type());
        try {
            int size = kept ? keep(event, user, count, others) : 0;
            written.addAndGet(kept ? count : 0);
            return size;
        } finally {
            show(event, user, count, others, kept);
        }
    }

    /** Writes how many events were lost, and lets others hear of it once that is written: until then it is tried again. */
    void writeLost(AuditEvent event, long count) {
        make(event, Optional.empty(), count, false);
        keep(event, Optional.empty(), count, false);
        show(event, Optional.empty(), count, false, true);
    }

    /** Whether what is written now would not have to wait. */
    boolean isReady() {
        return !file.isUsed() || file.flush();
    }

    /** Writes through what is kept for the file, if that can be. */
    void flush() {
        file.flush();
    }

    /** Whether {@link #flush} has something to do, or will have soon. */
    boolean isPending() {
        return file.isPending();
    }

    /** Writes through what is kept, and ends. */
    void close() {
        left = file.close();
    }

    /** How many events were written, without what tells of losses. May be called by any thread. */
    long written() {
        return written.get();
    }

    /** How many events were not written when it ended. May be called by any thread. */
    long left() {
        return left;
    }

    /** What its thread is waiting for. May be called by any thread. */
    Optional<String> waitsFor() {
        return followers.slow().or(() -> file.isWaitedFor() ? Optional.of(file.state()) : Optional.empty());
    }

    private boolean isKept(AuditEvent.Type type) {
        return type == AuditEvent.Type.LOST || events.contains(type);
    }

    /** Makes the line, as it stands in the file where that has no other format. */
    private void make(AuditEvent event, Optional<String> user, long count, boolean others) {
        bytes.clear();
        timestamps.append(event.time(), bytes);
        bytes.append(event.type().isWarning() ? " WARN  " : " INFO  ");
        line.append(event, user, count, others);
    }

    private int keep(AuditEvent event, Optional<String> user, long count, boolean others) {
        boolean warning = event.type().isWarning();
        if (!file.isUsed()) {
            String text = line.text();
            log.write(warning, text);
            return Texts.bytes(text);
        }
        int size = json ? keepJson(event, user, count, others) : file.append(bytes, count);
        if (log.wants(warning) || !followers.isEmpty()) {
            // Nobody holds up the file, and nobody knows of something that is not in it.
            file.flush();
        }
        return size;
    }

    private int keepJson(AuditEvent event, Optional<String> user, long count, boolean others) {
        jsonLine.make(event, user, count, others);
        return file.append(jsonBytes, count);
    }

    /** Hands on the line. Whatever fails here, it has been written, and is not lost. */
    private void show(AuditEvent event, Optional<String> user, long count, boolean others, boolean kept) {
        try {
            if (kept) {
                ring.add(event, user, count, others, line.length());
                boolean warning = event.type().isWarning();
                if (file.isUsed() && log.wants(warning)) {
                    log.write(warning, line.text());
                }
            }
            if (!followers.isEmpty()) {
                followers.accept(new AuditLog.Entry(event, line.text(), count));
            }
        } catch (Throwable e) {
            followers.complain("An audit event could not be handed on", e);
        }
    }
}
