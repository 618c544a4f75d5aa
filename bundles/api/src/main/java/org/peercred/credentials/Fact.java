/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import java.util.Objects;
import java.util.Optional;

/**
 * Something that the kernel tells of a peer, how far it can be trusted, and, where it is absent, why.
 *
 * @param <T> the type of what is told
 * @param value what was told; empty where the kernel could not tell
 * @param grade how far it can be trusted
 * @param absence why the value is empty, as half a sentence for a reader; the empty string where there is a value
 */
public record Fact<T>(Optional<T> value, Grade grade, String absence) {

    /** How far a fact can be trusted. */
    public enum Grade {
        /** Frozen by the kernel when the peer connected. */
        ATTESTED,
        /** Read from {@code /proc} while the pinned process still lived. */
        OBSERVED
    }

    /** Checks that nothing is null. */
    public Fact {
        Objects.requireNonNull(value);
        Objects.requireNonNull(grade);
        Objects.requireNonNull(absence);
    }

    /**
     * A fact frozen at connect.
     *
     * @param <T> its type
     * @param value not null
     * @return the fact
     */
    public static <T> Fact<T> attested(T value) {
        return new Fact<>(Optional.of(value), Grade.ATTESTED, "");
    }

    /**
     * A fact read while the process lived.
     *
     * @param <T> its type
     * @param value not null
     * @return the fact
     */
    public static <T> Fact<T> observed(T value) {
        return new Fact<>(Optional.of(value), Grade.OBSERVED, "");
    }

    /**
     * A fact that cannot be had.
     *
     * @param <T> its type
     * @param grade what it would have been
     * @param reason half a sentence, for instance {@code "this kernel has no SO_PEERPIDFD (before Linux 6.5)"}
     * @return the absent fact
     */
    public static <T> Fact<T> absent(Grade grade, String reason) {
        return new Fact<>(Optional.empty(), grade, reason);
    }

    /**
     * For people to read, in logs and on screens. Text in it that the peer chose, such as the path of an executable, is as it was:
     * escape it.
     *
     * @return the value, with {@code (observed)} behind it unless it is attested; without a value {@code unknown: } and the reason
     */
    @Override
    public String toString() {
        if (value.isEmpty()) {
            return "unknown: " + absence;
        }
        return value.get() + (grade == Grade.OBSERVED ? " (observed)" : "");
    }
}
