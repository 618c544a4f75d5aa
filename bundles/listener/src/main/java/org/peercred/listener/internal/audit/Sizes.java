/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

/** Sizes as an operator writes them. */
final class Sizes {

    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

    private Sizes() {}

    /** The size in the greatest unit of which it is a whole number. */
    static String show(long bytes) {
        long number = bytes;
        int unit = 0;
        while (number > 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + " " + UNITS[unit];
    }
}
