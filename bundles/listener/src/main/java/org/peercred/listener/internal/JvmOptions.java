/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

/** Looks whether this process ends when memory runs out, as one that serves strangers should. */
final class JvmOptions {

    private static final String BEAN = "com.sun.management:type=HotSpotDiagnostic";

    private JvmOptions() {}

    /** What the operator should know; empty if there is nothing. */
    static Optional<String> concern() {
        return concern(JvmOptions::valueOf);
    }

    static Optional<String> concern(Function<String, Optional<String>> options) {
        Optional<String> exit = options.apply("ExitOnOutOfMemoryError");
        boolean ends = exit.equals(Optional.of("true"))
                || options.apply("CrashOnOutOfMemoryError").equals(Optional.of("true"))
                || options.apply("OnOutOfMemoryError")
                        .filter(command -> !command.isEmpty())
                        .isPresent();
        // A JVM of another make has other options.
        return ends || exit.isEmpty()
                ? Optional.empty()
                : Optional.of("This process goes on when its memory runs out, perhaps without the threads that load"
                        + " configurations or write the log: start it with -XX:+ExitOnOutOfMemoryError, under a"
                        + " service manager that starts it again.");
    }

    private static Optional<String> valueOf(String option) {
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer()
                    .invoke(new ObjectName(BEAN), "getVMOption", new Object[] {option}, new String[] {
                        String.class.getName()
                    });
            return Optional.of((String) ((CompositeData) answer).get("value"));
        } catch (JMException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
