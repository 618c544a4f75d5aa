/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the engine of the listeners uses, beside what it may use.
 *
 * @param loops event loops that run
 * @param threads threads that work for clients, beside the loops
 * @param maxThreads how many there may be, by {@code max.threads}
 * @param descriptors descriptors that this process has open; empty where that cannot be read
 * @param maxDescriptors how many it may have open (RLIMIT_NOFILE, see getrlimit(2)); empty where that cannot be read, or is unlimited
 * @param heldBytes bytes that are kept for connections: replies not sent yet, and lines that were not answered
 * @param maxHeldBytes how many may be kept, by {@code write.buffer.total}
 */
public record EngineReport(
        int loops,
        int threads,
        int maxThreads,
        OptionalLong descriptors,
        OptionalLong maxDescriptors,
        long heldBytes,
        long maxHeldBytes) {

    /** Checks that nothing is null. */
    public EngineReport {
        Objects.requireNonNull(descriptors);
        Objects.requireNonNull(maxDescriptors);
    }
}
