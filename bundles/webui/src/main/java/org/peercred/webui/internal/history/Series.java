/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import java.util.Arrays;
import java.util.List;

/**
 * What is kept of a listener, or of all of them: for each sample a row of numbers, which are no numbers where nothing is known. First come what is
 * counted, a second, then what shares of the answers took at most, in microseconds.
 */
final class Series {

    /** What stands in which column. */
    static final List<String> NAMES =
            List.of("allowed", "denied", "limited", "lines", "requests", "received", "sent", "p50", "p90", "p99");

    /** How many of them are counted. */
    static final int COUNTED = 7;

    private Series() {}

    /** A row of unknown numbers. */
    static float[] unknown() {
        float[] row = new float[NAMES.size()];
        Arrays.fill(row, Float.NaN);
        return row;
    }
}
