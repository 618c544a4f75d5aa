/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.common.text.ForeignText;

/** How people write the keys of configurations, and other names. */
public final class Spelling {

    private static final String NOTE = "x-";

    /** What a file that is read as ISO 8859-1 has where its writer put a byte order mark. */
    private static final String MARK_AS_BYTES = "\u00ef\u00bb\u00bf";

    private static final String MARK = "\ufeff";

    private Spelling() {}

    /**
     * Whether a key is a note of the operator's own, which nobody reads.
     *
     * @param key the key
     * @return whether it begins with {@code x-}
     */
    public static boolean isNote(String key) {
        return key.startsWith(NOTE);
    }

    /**
     * Whether a key holds characters that a reader of the file does not see, a byte order mark for instance.
     *
     * @param key the key
     * @return whether it does
     */
    public static boolean hidesSomething(String key) {
        return normal(key).codePoints().anyMatch(c -> c != ' ' && !isSeen(c));
    }

    /**
     * Whether a key is so like one of some others that it was meant to be that one.
     *
     * @param key the key
     * @param others the others
     * @return whether it differs from one of them in invisible characters, in case, or in one letter that is too many, missing,
     *     or has changed places with its neighbour; not if it is one of them
     */
    public static boolean isNearMiss(String key, Set<String> others) {
        String plain = plain(key);
        return !others.contains(key) && others.stream().anyMatch(other -> isSlip(plain, other));
    }

    private static boolean isSlip(String plain, String other) {
        if (plain.equals(other)) {
            return true;
        }
        String longer = plain.length() > other.length() ? plain : other;
        String shorter = plain.length() > other.length() ? other : plain;
        for (int i = 0; i < longer.length(); i++) {
            boolean oneMore = (longer.substring(0, i) + longer.substring(i + 1)).equals(shorter);
            boolean swapped = i > 0
                    && (plain.length() == other.length())
                    && (longer.substring(0, i - 1) + longer.charAt(i) + longer.charAt(i - 1) + longer.substring(i + 1))
                            .equals(shorter);
            if (oneMore || swapped) {
                return true;
            }
        }
        return false;
    }

    static boolean startsWithMark(String key) {
        return normal(key).startsWith(MARK);
    }

    /** The key with escapes in place of what would not be seen. */
    static String printable(String key) {
        StringBuilder text = new StringBuilder();
        normal(key).codePoints().forEach(c -> {
            if (Character.isSpaceChar(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.append(ForeignText.escape(Character.toString(c)));
            }
        });
        return text.toString();
    }

    /** A blank, of whatever kind, is not seen in a key. */
    private static boolean isSeen(int c) {
        return !Character.isSpaceChar(c) && ForeignText.isPlain(Character.toString(c));
    }

    /**
     * The word that was most likely meant.
     *
     * @param key what was written
     * @param known the words that there are
     * @return one of these; empty if none is near
     */
    public static Optional<String> nearest(String key, Set<String> known) {
        String plain = plain(key);
        String best = null;
        int least = Math.max(2, plain.length() / 3) + 1;
        for (String candidate : new TreeSet<>(known)) {
            int distance = distance(plain, candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String normal(String key) {
        return key.startsWith(MARK_AS_BYTES) ? MARK + key.substring(MARK_AS_BYTES.length()) : key;
    }

    /** What a reader of the file sees of a key. */
    static String visible(String key) {
        return normal(key)
                .codePoints()
                .filter(Spelling::isSeen)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String plain(String key) {
        return visible(key).toLowerCase(Locale.ROOT);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
