/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where Peercred can work: its constants and layouts are those of 64-bit Linux on these processors. */
public final class Platform {

    /** The processors. */
    public enum Processor {
        /** 64-bit Intel and AMD. */
        X86_64("x86-64"),
        /** 64-bit ARM. */
        AARCH64("AArch64");

        private final String label;

        Processor(String label) {
            this.label = label;
        }

        /**
         * The one of a Java.
         *
         * @param architecture the system property {@code os.arch}
         * @return it; empty if it is none of these
         */
        public static Optional<Processor> of(String architecture) {
            return switch (architecture) {
                case "amd64", "x86_64" -> Optional.of(X86_64);
                case "aarch64" -> Optional.of(AARCH64);
                default -> Optional.empty();
            };
        }
    }

    /** What the processors are called, as people say it. */
    static final String PROCESSORS =
            Arrays.stream(Processor.values()).map(p -> p.label).collect(Collectors.joining(" or "));

    private Platform() {}

    /**
     * Whether this process runs on a processor.
     *
     * @param processor one of them
     * @return whether it is this one
     */
    public static boolean isOn(Processor processor) {
        return Processor.of(System.getProperty("os.arch", "")).equals(Optional.of(processor));
    }

    /**
     * Why Peercred cannot work in this process.
     *
     * @return as {@link #refusal(String, String)}
     */
    public static Optional<String> refusal() {
        return refusal(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /**
     * Why Peercred cannot work somewhere.
     *
     * @param system the system property {@code os.name}
     * @param architecture the system property {@code os.arch}
     * @return a sentence without its end, so that what follows from it can be said; empty if it can work there
     */
    public static Optional<String> refusal(String system, String architecture) {
        if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.of("Peercred needs Linux, and this system is " + system);
        }
        return Processor.of(architecture).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "Peercred needs a 64-bit Java on " + PROCESSORS + ", and this one is for " + architecture);
    }
}
