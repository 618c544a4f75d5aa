/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines of the audit log, as a reader takes them. */
final class Lines {

    private static final Pattern COUNT = Pattern.compile(" count=(\\d+)( reasons=8\\+)?$");

    private Lines() {}

    /** How many events lines stand for. */
    static long count(Collection<String> lines) {
        return lines.stream().mapToLong(Lines::count).sum();
    }

    /** How many events a line stands for. */
    static long count(String line) {
        Matcher matcher = COUNT.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 1;
    }
}
