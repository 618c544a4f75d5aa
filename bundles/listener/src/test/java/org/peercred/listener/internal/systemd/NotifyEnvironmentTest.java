/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.listener.internal.testing.LogFile;

@Timeout(120)
class NotifyEnvironmentTest {

    private static final String OWN = String.valueOf(ProcessHandle.current().pid());

    @Test
    void without_systemd_nothing_is_wanted() {
        assertEquals(
                new NotifyEnvironment(Optional.empty(), Optional.empty()),
                read(Map.of("NOTIFY_SOCKET", "", "WATCHDOG_USEC", "1000000", "WATCHDOG_PID", OWN)));
        assertEquals(new NotifyEnvironment(Optional.empty(), Optional.empty()), read(Map.of()));
    }

    @Test
    void reads_where_and_how_often() {
        NotifyEnvironment expected =
                new NotifyEnvironment(Optional.of("/run/notify"), Optional.of(Duration.ofSeconds(30)));
        assertEquals(expected, read(Map.of("NOTIFY_SOCKET", "/run/notify", "WATCHDOG_USEC", "30000000")));
        assertEquals(
                expected,
                read(Map.of("NOTIFY_SOCKET", "/run/notify", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", OWN)));
    }

    @Test
    void a_watchdog_for_another_process_is_not_fed() {
        assertEquals(
                Optional.empty(),
                read(Map.of("NOTIFY_SOCKET", "@n", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1"))
                        .watchdog());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "30s", "", "9999999999999999999"})
    void a_time_that_cannot_be_understood_is_said(String micros) throws IOException {
        LogFile log = new LogFile();
        assertEquals(
                Optional.empty(),
                read(Map.of("NOTIFY_SOCKET", "@n", "WATCHDOG_USEC", micros)).watchdog());
        assertEquals(
                1,
                log.count("WATCHDOG_USEC = " + micros + ": it must be a whole number of microseconds, 1 or greater"));
    }

    private static NotifyEnvironment read(Map<String, String> environment) {
        return NotifyEnvironment.of(environment::get);
    }
}
