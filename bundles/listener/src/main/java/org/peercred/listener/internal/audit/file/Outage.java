/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time in which the file cannot be written: what an operator is told of it, and when to try again. Used by one thread, but for what says otherwise. */
final class Outage {

    /** How long after a failure the next try is made. */
    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A disk that comes and goes is told of this often. */
    private static final long TELLING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final FileException unexplained = new FileException("the file, and there is no memory to say why");

    private volatile FileException cause;
    private long since;
    private long triedAt;
    private long lost;
    private long toldAt;
    private boolean everTold;
    /** What an operator has been told of this one; {@code null} for nothing yet. */
    private FileException told;

    /** Whether there is one. May be called by any thread. */
    boolean isOn() {
        return cause != null;
    }

    /** What is thrown for a line that it costs. There is one. */
    FileException cause() {
        return cause;
    }

    /** Whether it is time to try, which it always is while there is none. */
    boolean isDue(long now) {
        return cause == null || now - triedAt >= RETRY_NANOS;
    }

    /** It has begun, or goes on. Whatever there is no memory for, there is one from now on. */
    void failed(FileSettings settings, Throwable why, long now) {
        triedAt = now;
        boolean begins = cause == null;
        cause = causeOf(settings, why);
        if (begins) {
            since = now;
            lost = 0;
            told = null;
        }
        // One that comes soon after another is told of as well, if it lasts.
        if (told != cause && (!everTold || now - toldAt >= TELLING_NANOS)) {
            told = cause;
            everTold = true;
            toldAt = now;
            tell(
                    "The audit cannot be written to {}. {}",
                    cause.getMessage(),
                    settings.pauses()
                            ? "No new connections are accepted until it can."
                            : "Events that find no room meanwhile are lost, and counted.");
        }
    }

    /** The one there is, where that says the same: it is thrown for every line. */
    private FileException causeOf(FileSettings settings, Throwable why) {
        try {
            String message = settings.path() + ": " + explain(why);
            FileException present = cause;
            return present != null && present.getMessage().equals(message) ? present : new FileException(message);
        } catch (Throwable e) {
            return unexplained;
        }
    }

    /** A line could not be kept. */
    void cost(long events) {
        lost += events;
    }

    /** It is over, if there was one. */
    void worked(FileSettings settings, long now) {
        if (cause == null) {
            return;
        }
        cause = null;
        if (told != null) {
            String figures = TimeUnit.NANOSECONDS.toMillis(now - since) + " ms; events lost: " + lost;
            tell("The audit is written again to {}, after {}.", settings.path(), figures);
        }
    }

    /** Says it in the log. Whatever that throws, the audit goes on. */
    static void tell(String sentence, Object first, Object second) {
        try {
            LOG.warn(sentence, first, second);
        } catch (Throwable e) {
            // The log may be on the same disk; the line that counts what was lost does not depend on it.
        }
    }

    /** What an exception says, in words of an operator. */
    static String explain(Throwable why) {
        if (why instanceof FileSystemException e) {
            return e.getFile() + ": " + reason(e);
        }
        return why instanceof IOException && why.getMessage() != null ? why.getMessage() : why.toString();
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it is no directory";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }
}
