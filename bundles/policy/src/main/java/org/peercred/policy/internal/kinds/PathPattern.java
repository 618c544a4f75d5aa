/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pattern of paths as Ant has them: {@code *} stands for any characters of one segment, {@code **} for any number of segments, none included.
 * A slash at the end of a path or pattern makes no difference.
 */
final class PathPattern {

    private static final String ANY_DEPTH = "**";

    private final List<String> segments;

    private PathPattern(List<String> segments) {
        this.segments = segments;
    }

    /** Reads a pattern; empty if it is none, or one that no path could ever match. */
    static Optional<PathPattern> parse(String text) {
        if (!text.startsWith("/")) {
            return Optional.empty();
        }
        List<String> segments = segments(text);
        boolean sound = segments.stream().allMatch(PathPattern::isSound);
        return sound ? Optional.of(new PathPattern(segments)) : Optional.empty();
    }

    private static boolean isSound(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && (segment.equals(ANY_DEPTH) || !segment.contains(ANY_DEPTH))
                && segment.chars().noneMatch(c -> c < ' ' || c == 0x7f || "%;?#\\=".indexOf(c) >= 0);
    }

    /** The segments of a path that begins with a slash; one at its end counts for nothing. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        for (int from = 1; from <= end; ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            segments.add(path.substring(from, to));
            from = to + 1;
        }
        return segments;
    }

    /** As it is written. */
    String text() {
        return "/" + String.join("/", segments);
    }

    boolean matches(List<String> path) {
        int at = 0;
        int pattern = 0;
        int retryAt = -1;
        int retryPattern = -1;
        while (at < path.size()) {
            if (pattern < segments.size() && segments.get(pattern).equals(ANY_DEPTH)) {
                retryPattern = pattern++;
                retryAt = at;
            } else if (pattern < segments.size() && matches(segments.get(pattern), path.get(at))) {
                pattern++;
                at++;
            } else if (retryPattern >= 0) {
                pattern = retryPattern + 1;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        while (pattern < segments.size() && segments.get(pattern).equals(ANY_DEPTH)) {
            pattern++;
        }
        return pattern == segments.size();
    }

    /** Whether one segment matches, in time that is bounded by the product of both lengths. */
    private static boolean matches(String pattern, String text) {
        int at = 0;
        int next = 0;
        int retryAt = -1;
        int star = -1;
        while (at < text.length()) {
            if (next < pattern.length() && pattern.charAt(next) == '*') {
                star = next++;
                retryAt = at;
            } else if (next < pattern.length() && pattern.charAt(next) == text.charAt(at)) {
                next++;
                at++;
            } else if (star >= 0) {
                next = star + 1;
                at = ++retryAt;
            } else {
                return false;
            }
        }
        while (next < pattern.length() && pattern.charAt(next) == '*') {
            next++;
        }
        return next == pattern.length();
    }
}
