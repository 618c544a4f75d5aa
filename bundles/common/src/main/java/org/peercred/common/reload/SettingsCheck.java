/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.peercred.access.ConfigurationCheck;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;

/** Checks configurations as {@link LastGood} takes them. */
public abstract class SettingsCheck implements ConfigurationCheck {

    private final String pid;
    private final Function<Config, List<String>> warnings;
    private final LastGood.Reader<?> reader;

    /**
     * Makes one.
     *
     * @param pid the component's PID, a factory's without the instance
     * @param keys the keys that are read; others are warned about
     * @param reader reads the settings, asking nobody
     */
    protected SettingsCheck(String pid, Set<String> keys, LastGood.Reader<?> reader) {
        this(pid, config -> config.warnings(keys), reader);
    }

    /**
     * Makes one for a reader that rejects some of the keys that nobody reads.
     *
     * @param pid the component's PID, a factory's without the instance
     * @param warnings what is to be said of a configuration whether it can be used or not
     * @param reader reads the settings, asking nobody
     */
    protected SettingsCheck(String pid, Function<Config, List<String>> warnings, LastGood.Reader<?> reader) {
        this.pid = pid;
        this.warnings = warnings;
        this.reader = reader;
    }

    @Override
    public final Set<String> pids() {
        return Set.of(pid);
    }

    @Override
    public final Result check(String which, Map<String, ?> properties) {
        Config config = new Config(properties, ConfigSource.of(properties, pid));
        try {
            reader.read(config);
            return new Result(List.of(), warnings.apply(config));
        } catch (ConfigException e) {
            return new Result(e.sentences(), warnings.apply(config));
        }
    }
}
