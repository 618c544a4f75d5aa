/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.slf4j.Logger;

/**
 * Settings that are read at once, without asking anybody: those of the newest configuration, or of the last good one while the
 * newest cannot be used. What is the matter is logged once for each change of the configuration. For what has to be looked up or
 * tried again there is {@link Reload}. Safe to be used by any thread.
 *
 * @param <T> the settings, immutable
 */
public final class LastGood<T> {

    /**
     * Reads settings.
     *
     * @param <T> the settings
     */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads them.
         *
         * @param config the configuration
         * @return the settings, never {@code null}
         * @throws ConfigException if it cannot be used, with all that is wrong with it
         */
        T read(Config config) throws ConfigException;
    }

    private final String pid;
    private final Function<Config, List<String>> warnings;
    private final Reader<T> reader;
    private final Logger log;
    private Optional<Reading<T>> newest = Optional.empty();
    private volatile Optional<T> good = Optional.empty();
    private volatile String problem = "";

    /**
     * Starts with no settings.
     *
     * @param pid the component's PID, a factory's without the instance
     * @param keys the keys that are read; others are warned about
     * @param reader reads the settings
     * @param log where what is the matter is told
     */
    public LastGood(String pid, Set<String> keys, Reader<T> reader, Logger log) {
        this(pid, config -> config.warnings(keys), reader, log);
    }

    /**
     * Starts with no settings, for a reader that rejects some of the keys that nobody reads.
     *
     * @param pid the component's PID, a factory's without the instance
     * @param warnings what is to be said of a configuration whether it can be used or not, whole sentences; of what the reader rejects
     *     nothing
     * @param reader reads the settings
     * @param log where what is the matter is told
     */
    public LastGood(String pid, Function<Config, List<String>> warnings, Reader<T> reader, Logger log) {
        this.pid = pid;
        this.warnings = warnings;
        this.reader = reader;
        this.log = log;
    }

    /**
     * Takes a configuration, the first or a change. An error, such as lack of memory, leaves everything as it was; the same
     * configuration is news when it is delivered again.
     *
     * @param properties the configuration as DS hands it over
     * @param effect a whole sentence that says what counts instead if it cannot be used; called then, with the lock held
     * @return what it says; empty if it cannot be used
     */
    public synchronized Optional<T> take(Map<String, ?> properties, Supplier<String> effect) {
        Config config = new Config(properties, ConfigSource.of(properties, pid));
        Reading<T> reading = Reading.of(config, () -> reader.read(config));
        if (newest.filter(reading::sameAs).isEmpty()) {
            warnings.apply(config).forEach(log::warn);
            if (reading.value().isEmpty()) {
                log.error("{} {}", reading.problem(), effect.get());
            }
        }
        newest = Optional.of(reading);
        problem = reading.problem();
        good = reading.value().isPresent() ? reading.value() : good;
        return reading.value();
    }

    /**
     * What counts now.
     *
     * @return the newest settings that could be used; empty if there were none yet
     */
    public Optional<T> current() {
        return good;
    }

    /**
     * What is the matter with the newest configuration.
     *
     * @return whole sentences that name file, key and value; the empty string if it counts
     */
    public String problem() {
        return problem;
    }
}
