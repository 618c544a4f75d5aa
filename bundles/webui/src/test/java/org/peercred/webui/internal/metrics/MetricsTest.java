/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peercred.access.Finding;
import org.peercred.access.FindingSource;
import org.peercred.access.PolicyReport;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.service.EngineReport;
import org.peercred.service.ListenerReport.Counters;
import org.peercred.testing.FakeAccessControl;

/** What Prometheus reads. */
@Timeout(120)
class MetricsTest {

    private static final String ODD = "a \"b\" \\ c\nd";

    private final FakeEngine engine = new FakeEngine();

    @TempDir
    private Path directory;

    private Scrape scrape() throws MissingServiceException {
        return Scrape.of(Metrics.of(engine.alone()));
    }

    @Test
    void says_what_listeners_have_done() throws Exception {
        Scrape scrape = scrape();
        assertEquals(1, scrape.samples.get("peercred_listener_listening{listener=\"echo\"}"));
        assertEquals(0, scrape.samples.get("peercred_listener_listening{listener=\"command\"}"));
        assertEquals(0, scrape.samples.get("peercred_listener_problem{listener=\"echo\"}"));
        assertEquals(1, scrape.samples.get("peercred_listener_problem{listener=\"command\"}"));
        assertEquals(2, scrape.samples.get("peercred_listener_open_connections{listener=\"echo\"}"));
        assertEquals(40, scrape.samples.get("peercred_listener_lines_total{listener=\"echo\"}"));
        assertEquals(7, scrape.samples.get("peercred_listener_requests_total{listener=\"echo\"}"));
        assertEquals(5000, scrape.samples.get("peercred_listener_received_bytes_total{listener=\"echo\"}"));
        assertEquals(6000, scrape.samples.get("peercred_listener_sent_bytes_total{listener=\"echo\"}"));
        String connections = "peercred_listener_connections_total{listener=\"echo\",verdict=\"";
        assertEquals(10, scrape.samples.get(connections + "allowed\"}"));
        assertEquals(20, scrape.samples.get(connections + "denied\"}"));
        assertEquals(30, scrape.samples.get(connections + "limited\"}"));
    }

    @Test
    void says_how_long_answers_took_in_seconds() throws Exception {
        Scrape scrape = scrape();
        String bucket = "peercred_listener_answer_seconds_bucket{listener=\"echo\",le=\"";
        assertEquals(2, scrape.samples.get(bucket + "1.0E-5\"}"));
        assertEquals(3, scrape.samples.get(bucket + "0.001\"}"));
        assertEquals(3, scrape.samples.get(bucket + "+Inf\"}"));
        assertEquals(6e-5, scrape.samples.get("peercred_listener_answer_seconds_sum{listener=\"echo\"}"), 1e-12);
        assertEquals(3, scrape.samples.get("peercred_listener_answer_seconds_count{listener=\"echo\"}"));
    }

    @Test
    void says_what_the_engine_uses_beside_its_limits_and_what_the_audit_did() throws Exception {
        Scrape scrape = scrape();
        assertEquals(2, scrape.samples.get("peercred_engine_loops"));
        assertEquals(5, scrape.samples.get("peercred_engine_threads"));
        assertEquals(512, scrape.samples.get("peercred_engine_threads_limit"));
        assertEquals(200, scrape.samples.get("peercred_engine_descriptors"));
        assertEquals(20_000, scrape.samples.get("peercred_engine_descriptors_limit"));
        assertEquals(1024, scrape.samples.get("peercred_engine_held_bytes"));
        assertEquals(1 << 20, scrape.samples.get("peercred_engine_held_limit_bytes"));
        assertEquals(70, scrape.samples.get("peercred_audit_written_events_total"));
        assertEquals(7, scrape.samples.get("peercred_audit_lost_events_total"));
        assertEquals(1, scrape.samples.get("peercred_audit_behind"));
        engine.engine = new EngineReport(1, 0, 1, OptionalLong.empty(), OptionalLong.empty(), 0, 1);
        assertFalse(scrape().names.contains("peercred_engine_descriptors"));
        assertFalse(scrape().names.contains("peercred_engine_descriptors_limit"));
    }

    @Test
    void says_how_policies_stand_and_how_much_is_amiss() throws Exception {
        FakeAccessControl access = new FakeAccessControl();
        access.show(policy("owner", PolicyStatus.State.ACTIVE), policy("uid~a", PolicyStatus.State.REJECTED));
        FindingSource two = () -> List.of(finding("one"), finding("two"));
        FindingSource broken = () -> {
            throw new IllegalStateException("broken");
        };
        Scrape scrape = Scrape.of(Metrics.of(
                new Sources(Optional.of(engine), Optional.of(engine), Optional.of(access), List.of(two, broken))));
        assertEquals(1, scrape.samples.get("peercred_access_control_up"));
        assertEquals(1, scrape.samples.get("peercred_policies{state=\"active\"}"));
        assertEquals(0, scrape.samples.get("peercred_policies{state=\"last_good\"}"));
        assertEquals(1, scrape.samples.get("peercred_policies{state=\"rejected\"}"));
        assertEquals(3, scrape.samples.get("peercred_findings"));
        assertEquals(0, scrape().samples.get("peercred_access_control_up"));
        assertEquals(0, scrape().samples.get("peercred_findings"));
    }

    @Test
    void no_label_is_of_a_clients_making() throws Exception {
        assertEquals(Set.of("listener", "verdict", "le", "state"), scrape().labels);
    }

    @Test
    void a_name_of_a_listener_is_escaped() throws Exception {
        engine.listeners.add(FakeEngine.listener(ODD, true, Optional.empty(), Counters.NONE));
        engine.latencies.add(FakeEngine.latency(ODD, 1));
        Scrape scrape = scrape();
        assertEquals(
                1,
                scrape.samples.get("peercred_listener_listening{listener=\"a \\\"b\\\" \\\\ c\\nd\"}"),
                scrape.samples.toString());
    }

    @Test
    void listeners_of_the_same_name_are_one_series() throws Exception {
        engine.listeners.add(
                FakeEngine.listener("echo", false, Optional.of("Off."), new Counters(1, 1, 1, 1, 1, 1, 1, 1)));
        engine.latencies.add(FakeEngine.latency("echo", 5));
        Scrape scrape = scrape();
        assertEquals(3, scrape.samples.get("peercred_listener_open_connections{listener=\"echo\"}"));
        assertEquals(0, scrape.samples.get("peercred_listener_listening{listener=\"echo\"}"));
        assertEquals(1, scrape.samples.get("peercred_listener_problem{listener=\"echo\"}"));
        assertEquals(8, scrape.samples.get("peercred_listener_answer_seconds_count{listener=\"echo\"}"));
    }

    @Test
    void without_the_engine_there_is_nothing_rather_than_a_part() {
        Sources noDirectory = new Sources(Optional.empty(), Optional.of(engine), Optional.empty(), List.of());
        Sources noEngine = new Sources(Optional.of(engine), Optional.empty(), Optional.empty(), List.of());
        String message = assertThrows(MissingServiceException.class, () -> Metrics.of(noDirectory))
                .getMessage();
        assertTrue(message.startsWith("The service ListenerDirectory is missing; "), message);
        message = assertThrows(MissingServiceException.class, () -> Metrics.of(noEngine))
                .getMessage();
        assertTrue(message.startsWith("The service EngineStatistics is missing; "), message);
    }

    @Test
    void prometheus_has_nothing_to_say_against_it() throws Exception {
        engine.listeners.add(FakeEngine.listener(ODD, true, Optional.empty(), Counters.NONE));
        Path text = Files.writeString(directory.resolve("metrics"), Metrics.of(engine.alone()));
        Promtool.accepts(text, "check", "metrics");
    }

    private static PolicyReport policy(String id, PolicyStatus.State state) {
        Optional<String> problem = state == PolicyStatus.State.ACTIVE ? Optional.empty() : Optional.of("Bad.");
        return new PolicyReport(id, new PolicyScope(Set.of("*"), Set.of("connect")), new PolicyStatus(state, problem));
    }

    private static Finding finding(String subject) {
        return new Finding(Finding.Area.OTHER, subject, "It is amiss.", "Mend it.");
    }
}
