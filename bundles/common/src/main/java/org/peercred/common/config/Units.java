/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
final class Units {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h|d)?");
    private static final String[] SIZES = {"KiB", "MiB", "GiB"};

    private Units() {}

    /**
     * Reads a size.
     *
     * @param text for instance {@code 64 KiB}; a bare number counts bytes
     * @return bytes, {@code Long.MAX_VALUE} for more than that; empty if it is no size
     */
    static OptionalLong size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(Locale.ROOT);
        int shift =
                switch (unit) {
                    case "kib" -> 10;
                    case "mib" -> 20;
                    case "gib" -> 30;
                    default -> 0;
                };
        long number = Long.parseLong(matcher.group(1));
        return OptionalLong.of(number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift);
    }

    /** Bytes in the greatest unit that leaves no rest, for instance {@code 64 KiB}. */
    static String size(long bytes) {
        String text = bytes == 1 ? "1 byte" : bytes + " bytes";
        long rest = bytes;
        for (int i = 0; i < SIZES.length && rest > 0 && rest % 1024 == 0; i++) {
            rest /= 1024;
            text = rest + " " + SIZES[i];
        }
        return text;
    }

    /**
     * Reads a duration.
     *
     * @param text for instance {@code 5 min}; a bare number counts seconds
     * @return 0 or longer; empty if it is no duration
     */
    static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "min" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    default -> Duration.ofSeconds(number);
                });
    }
}
