/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.ConfigurationCheck.Mention;
import org.peercred.access.ConfigurationCheck.Subject;
import org.peercred.listener.internal.audit.Audit;

/** Configurations of listeners that are looked at. */
@Timeout(120)
class ListenerCheckTest {

    private static final String PID = ListenerSettings.PID;
    private static final Map<String, Object> SYSTEMD = Map.of("path", "systemd:echo", "service.pid", PID + "~echo");

    private final ListenerCheck check = new ListenerCheck();

    @Test
    void tells_the_path_and_what_it_requires_as_far_as_that_can_be_read() {
        assertEquals(
                List.of(
                        new Mention(Subject.LISTENER, "echo", "name", true),
                        new Mention(Subject.SOCKET, "/tmp/a", "path", true),
                        new Mention(Subject.POLICY, "owner", "required.policies", false),
                        new Mention(Subject.POLICY, "uid~a", "required.policies", false)),
                check.mentions(
                        PID,
                        Map.of("path", "/tmp/a", "required.policies", "uid~a, owner", "service.pid", PID + "~echo")));
        assertEquals(
                List.of(new Mention(Subject.LISTENER, "echo", "name", true)),
                check.mentions(PID, Map.of("path", "a/b", "service.pid", PID + "~echo")));
    }

    @Test
    void where_there_is_no_container_what_would_come_of_it_is_left_open() {
        assertEquals(List.of(), check.check(PID, SYSTEMD).problems());
        assertTrue(check.forecast(PID, Map.of(), SYSTEMD).isEmpty());
    }

    @Test
    void in_a_container_it_is_known_what_systemd_handed_over_and_which_services_there_are() {
        Audit audit = new Audit();
        EngineComponent engine = new EngineComponent(audit);
        engine.activate(Map.of());
        try {
            check.bindEngine(engine);
            check.activate(new FakeFramework().context());
            List<String> problems = check.check(PID, SYSTEMD).problems();
            assertEquals(1, problems.size());
            assertTrue(
                    problems.get(0).startsWith(PID + "~echo: path = systemd:echo: this process was handed no socket"),
                    problems::toString);
            Optional<Forecast> forecast =
                    check.forecast(PID, Map.of(), Map.of("path", "/nowhere/a", "service.pid", PID + "~echo"));
            assertEquals(
                    List.of(
                            "The listener could not be started: /nowhere/a cannot be bound: there is no directory /nowhere.",
                            "Nobody would be served: there is no service that matches (peercred.service=echo)."),
                    forecast.orElseThrow().effects());
            check.unbindEngine(engine);
            assertEquals(List.of(), check.check(PID, SYSTEMD).problems());
        } finally {
            engine.deactivate();
            audit.close();
        }
    }
}
