/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import org.peercred.common.jmx.Description;

/** What JMX shows of one listener, as {@code org.peercred:type=Listener,name=NAME}. Counts are since the listener started. */
@Description("A listener of Peercred. Counts are since it was started.")
public interface ListenerMXBean {

    /** The path of its socket. */
    @Description("The path of its socket.")
    String getPath();

    /** Why it is not, or not quite, as configured; empty if all is well. */
    @Description("Why it is not, or not quite, as configured; empty if all is well.")
    String getProblem();

    /** Connections open now. */
    @Description("Connections open now.")
    int getOpenConnections();

    /** Connections let in. */
    @Description("Connections let in.")
    long getAllowed();

    /** Connections refused. */
    @Description("Connections refused.")
    long getDenied();

    /** Connections turned away at a limit. */
    @Description("Connections turned away at a limit.")
    long getLimited();

    /** Lines received. */
    @Description("Lines received.")
    long getLines();

    /** Bytes received. */
    @Description("Bytes received.")
    long getReceivedBytes();

    /** Bytes sent. */
    @Description("Bytes sent.")
    long getSentBytes();

    /** Half of the answers took at most so long, in microseconds, from the loop's waking to the write; one read in 16 counts. */
    @Description(
            "Half of the answers took at most so long, in microseconds, from the loop's waking to the write; one read in 16 counts.")
    double getLatencyP50Micros();

    /** As the median, for 99 of 100. */
    @Description("As the median, for 99 of 100.")
    double getLatencyP99Micros();

    /** As the median, for 999 of 1000. */
    @Description("As the median, for 999 of 1000.")
    double getLatencyP999Micros();

    /** The slowest of the answers that count, in microseconds; 0 if none does yet. */
    @Description("The slowest of the answers that count, in microseconds; 0 if none does yet.")
    double getLatencyMaxMicros();
}
