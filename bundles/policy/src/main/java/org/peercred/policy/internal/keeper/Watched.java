/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A file as it was seen last, and what is known of it. Used by one thread at a time. */
final class Watched {

    /** Longer than any kernel's clock takes for one. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private final FileName name;
    private Stamp stamp = Stamp.NONE;
    private long since;
    private Optional<Map<String, Object>> values = Optional.empty();
    private Optional<String> unreadable = Optional.empty();
    private boolean sure;
    private boolean verified;
    private final Spell differing = new Spell();
    private final Spell unread = new Spell();

    /** Something that lasts. */
    private static final class Spell {
        private boolean on;
        private long since;

        void end() {
            on = false;
        }

        /** Begins with the first call after it has ended. */
        long lasts(long nanos) {
            if (!on) {
                on = true;
                since = nanos;
            }
            return nanos - since;
        }
    }

    Watched(FileName name) {
        this.name = name;
    }

    FileName name() {
        return name;
    }

    Stamp stamp() {
        return stamp;
    }

    /** Whether it is another than at the last look, and what was read of it is old. */
    boolean see(Stamp now, long nanos) {
        if (now.equals(stamp) && since != 0) {
            return false;
        }
        stamp = now;
        since = nanos == 0 ? 1 : nanos;
        values = Optional.empty();
        unreadable = Optional.empty();
        sure = false;
        return true;
    }

    /** For how long it has been as it is, in nanoseconds. */
    long age(long nanos) {
        return nanos - since;
    }

    /**
     * Reads it, if it was not read since it changed. What could not be read is tried again each time: whether it can be depends on
     * more than the file. What was changed just now is read once more: two writes within one tick of the kernel's clock cannot be
     * told from one.
     */
    void read(FileReader reader, Path file, long nanos) {
        boolean rested = age(nanos) >= TICK.toNanos() || stamp.isOlderThan(Instant.EPOCH, TICK);
        if (values.isPresent() && (sure || !rested)) {
            return;
        }
        values = Optional.empty();
        try {
            if (!stamp.regular()) {
                Files.readAttributes(file, BasicFileAttributes.class);
                unreadable = Optional.of(stamp.equals(Stamp.NONE) ? "it was not there just now" : Sentences.NO_FILE);
                return;
            }
            values = Optional.of(reader.read(file));
            unreadable = Optional.empty();
            sure = rested;
        } catch (AccessDeniedException e) {
            unreadable = Optional.of("permission denied");
        } catch (NoSuchFileException e) {
            unreadable = Optional.of("it leads nowhere");
        } catch (IOException e) {
            unreadable = Optional.of(Sentences.why(e));
        } catch (RuntimeException e) {
            unreadable = Optional.of("it is malformed: " + Sentences.why(e));
        } catch (StackOverflowError e) {
            unreadable = Optional.of("it is malformed: variables in it are nested too deeply");
        }
    }

    /** Whether what was read of it cannot have changed unnoticed. */
    boolean isSure() {
        return sure;
    }

    /** Its values, if it could be read. */
    Optional<Map<String, Object>> values() {
        return values;
    }

    /** Why it could not be read. */
    Optional<String> unreadable() {
        return unreadable;
    }

    /** It was seen that the configuration is what the file says. */
    void verify() {
        verified = true;
        differing.end();
    }

    /** For how long the configuration is not what the file says, in nanoseconds. */
    long differsFor(long nanos) {
        return differing.lasts(nanos);
    }

    /** It was seen that somebody reads it. */
    void foundReader() {
        unread.end();
    }

    /** For how long nobody has read it, in nanoseconds. */
    long unreadFor(long nanos) {
        return unread.lasts(nanos);
    }

    /** Whether that was ever seen since this process started. */
    boolean verified() {
        return verified;
    }
}
