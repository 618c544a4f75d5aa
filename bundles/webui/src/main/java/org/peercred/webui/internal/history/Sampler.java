/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.history;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.peercred.common.inspect.Services;
import org.peercred.common.threads.Threads;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the samples of a {@link History}, on one thread, until it is closed. */
public final class Sampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final History history;
    private final Supplier<Services> services;
    private final ScheduledThreadPoolExecutor clock =
            new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-webui-history"));

    /**
     * Begins.
     *
     * @param history takes the samples
     * @param services finds what is sampled; asked for each sample
     */
    public Sampler(History history, Supplier<Services> services) {
        this.history = history;
        this.services = services;
        Future<?> unused = clock.scheduleAtFixedRate(this::sample, 0, History.PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Without a listeners' bundle there is nothing to sample, and the next sample stands for the time until then. */
    private void sample() {
        try (Services found = services.get()) {
            Optional<ListenerDirectory> directory = found.find(ListenerDirectory.class);
            directory.ifPresent(listeners -> history.add(
                    System.nanoTime(),
                    listeners.listeners(),
                    found.find(EngineStatistics.class)
                            .map(EngineStatistics::latencies)
                            .orElse(List.of())));
        } catch (RuntimeException | Error e) {
            // Whatever is thrown would end the samples for good, be it only because a bundle goes away while it is
            // asked.
            LOG.debug("A sample cannot be taken", e);
        }
    }

    /** Takes no more. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
