/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation says of the metrics, and the dashboard and the alerts that it offers. */
@Timeout(120)
class DashboardTest {

    private static final Path PLACE = Path.of("..", "..", "docs", "monitoring");
    private static final Path DASHBOARD = PLACE.resolve("grafana-dashboard.json");
    private static final Path ALERTS = PLACE.resolve("prometheus-alerts.yml");
    private static final Path ALERTS_TEST = Path.of("src", "test", "resources", "alerts-test.yml");
    private static final Path PAGE = PLACE.resolveSibling("webui.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(peercred_[a-z_]+)` \\|");
    private static final Pattern NAME = Pattern.compile("\\bpeercred_[a-z_]+");
    private static final Pattern QUERY = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");

    @TempDir
    private Path directory;

    private static Scrape scrape() throws MissingServiceException {
        return Scrape.of(Metrics.of(new FakeEngine().alone()));
    }

    private static void asksForWhatThereIs(String text) throws Exception {
        Set<String> asked = new TreeSet<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            asked.add(name.group());
        }
        assertFalse(asked.isEmpty());
        asked.removeAll(scrape().names);
        assertEquals(Set.of(), asked);
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        Matcher query = QUERY.matcher(Files.readString(DASHBOARD));
        while (query.find()) {
            queries.add(query.group(1).replace("\\\"", "\""));
        }
        return queries;
    }

    @Test
    void the_dashboard_asks_for_what_there_is() throws Exception {
        assertFalse(queries().isEmpty());
        asksForWhatThereIs(String.join("\n", queries()));
    }

    @Test
    void the_alerts_ask_for_what_there_is() throws Exception {
        asksForWhatThereIs(Files.readString(ALERTS));
    }

    @Test
    void the_page_lists_every_metric() throws Exception {
        Set<String> listed = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            listed.add(row.group(1));
        }
        assertEquals(new TreeSet<>(scrape().families), listed);
    }

    @Test
    void prometheus_understands_the_alerts() throws Exception {
        Path input = Files.writeString(directory.resolve("none"), "");
        Promtool.accepts(input, "check", "rules", ALERTS.toAbsolutePath().toString());
    }

    @Test
    void the_alerts_tell_of_containers_in_trouble_and_of_no_others() throws Exception {
        Path input = Files.writeString(directory.resolve("none"), "");
        Promtool.accepts(input, "test", "rules", ALERTS_TEST.toAbsolutePath().toString());
    }

    @Test
    void prometheus_understands_the_queries() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: queries\n  rules:\n");
        List<String> queries = queries();
        for (int i = 0; i < queries.size(); i++) {
            rules.append("  - record: query").append(i).append("\n    expr: >-\n      ");
            rules.append(queries.get(i).replace("$__rate_interval", "5m")).append('\n');
        }
        Path input = Files.writeString(directory.resolve("rules.yml"), rules);
        Promtool.accepts(input, "check", "rules", input.toString());
    }
}
