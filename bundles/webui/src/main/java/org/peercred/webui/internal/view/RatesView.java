/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.peercred.common.json.Json;
import org.peercred.webui.internal.history.History;

/** Rates and latencies as the page is told of them. */
public final class RatesView {

    private static final double HUNDREDTH = 100;

    private RatesView() {}

    /**
     * What is told.
     *
     * @param rates what is kept
     * @return for {@link Json}
     */
    public static Map<String, Object> of(History.Rates rates) {
        Map<String, Object> series = new TreeMap<>();
        rates.series().forEach((name, numbers) -> series.put(name, rounded(numbers)));
        return Json.object(
                "periodSeconds",
                History.PERIOD_SECONDS,
                "listeners",
                rates.listeners(),
                "listener",
                rates.listener(),
                "series",
                series);
    }

    private static List<Double> rounded(float[] numbers) {
        List<Double> list = new ArrayList<>(numbers.length);
        for (float number : numbers) {
            list.add(Float.isNaN(number) ? Double.NaN : Math.round(number * HUNDREDTH) / HUNDREDTH);
        }
        return list;
    }
}
