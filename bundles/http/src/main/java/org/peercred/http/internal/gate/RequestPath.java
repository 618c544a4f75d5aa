/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path of a request as rules see it: decoded, and such that nobody could understand it otherwise. A path that has two readings, by who
 * decodes once more, folds slashes, or cuts at a semicolon, is none.
 */
final class RequestPath {

    /** What a server adds to addresses for clients without cookies. It is no part of the path. */
    private static final Pattern SESSION = Pattern.compile(";jsessionid=[A-Za-z0-9._-]{1,128}$");

    private static final int LONGEST = 8192;

    private RequestPath() {}

    /**
     * Reads a path.
     *
     * @param raw as it stands in the request line, without the query; {@code null} if there was none
     * @return decoded, beginning with a slash; empty if it is not plain
     */
    static Optional<String> plain(String raw) {
        if (raw == null || !raw.startsWith("/") || raw.length() > LONGEST) {
            return Optional.empty();
        }
        String path = SESSION.matcher(raw).replaceFirst("");
        return decoded(path).filter(RequestPath::isPlain);
    }

    private static Optional<String> decoded(String path) {
        ByteBuffer bytes = ByteBuffer.allocate(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int high = i + 2 < path.length() ? hex(path.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : hex(path.charAt(i + 2));
                int octet = (high << 4) | low;
                if (low < 0 || isStructure(octet)) {
                    return Optional.empty();
                }
                bytes.put((byte) octet);
                i += 2;
            } else if (c > '~') {
                return Optional.empty();
            } else {
                bytes.put((byte) c);
            }
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Of the digits that Java knows, in ASCII only. */
    private static int hex(char digit) {
        return digit > '~' ? -1 : Character.digit(digit, 16);
    }

    /** What must not be hidden behind a percent sign: it means something else when it is decoded by somebody else. */
    private static boolean isStructure(int octet) {
        return octet == '/' || octet == '%' || octet == '.' || octet == ';' || octet == '?' || octet == '#';
    }

    private static boolean isPlain(String path) {
        if (path.chars().anyMatch(c -> Character.isISOControl(c) || c == ';' || c == '\\')) {
            return false;
        }
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals(".") || segments[i].equals("..") || (segments[i].isEmpty() && !last)) {
                return false;
            }
        }
        return true;
    }
}
