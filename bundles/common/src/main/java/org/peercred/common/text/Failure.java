/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.text;

import java.util.List;

/** What foreign code threw, in one line for the log: enough to know whose fault it is and where to look. */
public final class Failure {

    /** Characters of what foreign code says; a message may hold all that a client sent. */
    private static final int LONGEST = 1000;

    private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    private Failure() {}

    /**
     * Says what went wrong, and where.
     *
     * @param culprit the object that was called
     * @param thrown what it threw
     * @return for instance {@code org.example.Time: java.lang.NullPointerException: no zone, at
     *     org.example.Zones.find(Zones.java:17)}: the class that was called, what was thrown, and the first stack frame in its
     *     package or one below; else the first that is not the JDK's. Safe to show
     */
    public static String of(Object culprit, Throwable thrown) {
        Class<?> type = culprit.getClass();
        try {
            String where = frame(thrown.getStackTrace(), type.getPackageName() + ".");
            return ForeignText.replace(named(type) + ": " + thrown, LONGEST) + where;
        } catch (Throwable e) {
            // What was thrown is foreign code as well, and throws when it is asked.
            return ForeignText.replace(named(type) + ": " + thrown.getClass().getName(), LONGEST);
        }
    }

    private static String frame(StackTraceElement[] frames, String home) {
        StackTraceElement foreign = null;
        for (StackTraceElement frame : frames) {
            if (frame.getClassName().startsWith(home)) {
                return ", at " + place(frame);
            }
            if (foreign == null && PLATFORM.stream().noneMatch(frame.getClassName()::startsWith)) {
                foreign = frame;
            }
        }
        return foreign == null ? "" : ", at " + place(foreign);
    }

    /** Without the loader and the module, which say nothing in a container. */
    private static String place(StackTraceElement frame) {
        String line = frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber();
        String file = frame.getFileName() == null ? "unknown" : frame.getFileName();
        return frame.getClassName() + "." + frame.getMethodName() + "(" + file + line + ")";
    }

    /** A lambda is named by the class that it stands in. */
    private static String named(Class<?> type) {
        String name = type.getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : name.substring(0, lambda);
    }
}
