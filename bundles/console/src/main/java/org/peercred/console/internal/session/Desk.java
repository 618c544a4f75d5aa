/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.peercred.console.internal.ConsoleSettings;
import org.peercred.service.ThreadLimit;

/**
 * What all connections share.
 *
 * @param sessions Karaf's shell
 * @param settings as they are configured now
 * @param threads asked for each thread that waits for a client
 * @param audit records what is typed
 * @param open the interactive sessions
 * @param starts lets few terminals start at a time
 * @param clock for deadlines; what it runs must not wait for a client
 * @param stop what a stop of the console means for what clients run
 */
public record Desk(
        SessionFactory sessions,
        Supplier<ConsoleSettings> settings,
        Supplier<Optional<ThreadLimit.Permit>> threads,
        LineAudit audit,
        OpenShells open,
        Starts starts,
        ScheduledExecutorService clock,
        Stop stop) {}
