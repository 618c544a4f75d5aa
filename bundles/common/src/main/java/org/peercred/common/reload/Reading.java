/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.reload;

import java.util.Map;
import java.util.Optional;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.config.Problems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration as it was delivered, and what came of reading it. Immutable, as far as what was read is.
 *
 * @param source where it came from
 * @param contents what the operator wrote: each key with its value as text
 * @param value what it means; empty if it cannot be used
 * @param problem why it cannot be used, whole sentences that name file, key and value; the empty string if it can
 * @param <T> what it means
 */
public record Reading<T>(ConfigSource source, Map<String, String> contents, Optional<T> value, String problem) {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    /**
     * Reads a configuration. Only errors, such as lack of memory, are thrown.
     *
     * @param config the configuration
     * @param reader reads it, asking nobody
     * @return what came of it
     * @param <T> what it means
     */
    public static <T> Reading<T> of(Config config, Problems.Reading<T> reader) {
        ConfigSource source = config.source();
        Map<String, String> contents = config.contents();
        try {
            return new Reading<>(source, contents, Optional.of(reader.read()), "");
        } catch (ConfigException e) {
            return new Reading<>(source, contents, Optional.empty(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.debug("The configuration {} could not be read.", source.file(), e);
            String what = e.getClass().getSimpleName();
            return new Reading<>(
                    source, contents, Optional.empty(), source.file() + ": it could not be read (" + what + ").");
        }
    }

    /**
     * Whether another delivery was of the same configuration with the same contents.
     *
     * @param other the other
     * @return true if nothing that the operator wrote is different
     */
    public boolean sameAs(Reading<?> other) {
        return source.equals(other.source) && contents.equals(other.contents);
    }
}
