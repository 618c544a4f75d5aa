/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.peercred.common.text.ForeignText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What systemd wants to be told by the service that it started, by
 * <a href="https://man7.org/linux/man-pages/man3/sd_watchdog_enabled.3.html">its environment</a>.
 *
 * @param socket NOTIFY_SOCKET: where to; empty to be told nothing
 * @param watchdog within what time it wants to hear again that the service is alive; empty for no watchdog
 */
public record NotifyEnvironment(Optional<String> socket, Optional<Duration> watchdog) {

    private static final Logger LOG = LoggerFactory.getLogger(NotifyEnvironment.class);

    /**
     * Reads it. What cannot be understood is said in the log.
     *
     * @param environment the value of a variable, {@code null} for none
     * @return what is wanted
     */
    public static NotifyEnvironment of(UnaryOperator<String> environment) {
        String socket = environment.apply("NOTIFY_SOCKET");
        boolean isWanted = socket != null && !socket.isEmpty();
        return new NotifyEnvironment(
                isWanted ? Optional.of(socket) : Optional.empty(), isWanted ? watchdog(environment) : Optional.empty());
    }

    private static Optional<Duration> watchdog(UnaryOperator<String> environment) {
        String micros = environment.apply("WATCHDOG_USEC");
        String pid = environment.apply("WATCHDOG_PID");
        if (micros == null
                || (pid != null
                        && !pid.equals(String.valueOf(ProcessHandle.current().pid())))) {
            return Optional.empty();
        }
        if (!micros.matches("[0-9]{1,18}") || Long.parseLong(micros) == 0) {
            LOG.warn(
                    "WATCHDOG_USEC = {}: it must be a whole number of microseconds, 1 or greater; systemd's watchdog will not hear of this"
                            + " process.",
                    ForeignText.escape(micros));
            return Optional.empty();
        }
        return Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
    }
}
