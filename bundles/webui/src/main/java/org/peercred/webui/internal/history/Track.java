/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import java.util.Arrays;

/** The last samples of one listener, or of all: a row of {@link Series} for each, 4 bytes a number. Not thread-safe. */
final class Track {

    private static final int WIDTH = Series.NAMES.size();

    private final float[] numbers;
    private final int samples;
    private int next;

    Track(int samples) {
        this.samples = samples;
        numbers = new float[samples * WIDTH];
        Arrays.fill(numbers, Float.NaN);
    }

    /** Takes the newest sample, in place of the oldest. */
    void add(float[] row) {
        System.arraycopy(row, 0, numbers, next * WIDTH, WIDTH);
        next = (next + 1) % samples;
    }

    /** A column, oldest first. */
    float[] column(int at) {
        float[] column = new float[samples];
        for (int i = 0; i < samples; i++) {
            column[i] = numbers[(next + i) % samples * WIDTH + at];
        }
        return column;
    }

    /** Whether nothing is known of any sample. */
    boolean isEmpty() {
        for (float number : column(0)) {
            if (!Float.isNaN(number)) {
                return false;
            }
        }
        return true;
    }
}
