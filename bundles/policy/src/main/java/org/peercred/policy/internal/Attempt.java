/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configuration as it was delivered, and what came of reading it.
 *
 * @param number tells this delivery from every other, 1 or greater
 * @param id the id the policy has by it
 * @param source where it came from
 * @param contents what the operator wrote
 * @param warnings sentences about keys that nobody reads
 * @param scope what it covers; empty if that cannot be read
 * @param loading what is left to do; empty if it cannot be used
 * @param problem why it cannot be used; empty if it can
 */
record Attempt(
        long number,
        String id,
        ConfigSource source,
        Map<String, String> contents,
        List<String> warnings,
        Optional<PolicyScope> scope,
        Optional<Rules.Loading> loading,
        String problem) {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** Reads a configuration, whatever is in it. */
    static Attempt read(Kind kind, Map<String, ?> properties, Rules.Reader reader) {
        ConfigSource source = ConfigSource.of(properties, kind.pid());
        Config config = new Config(properties, source);
        Optional<PolicyScope> scope = Optional.empty();
        Optional<Rules.Loading> loading = Optional.empty();
        String problem = "";
        try {
            scope = Optional.of(reader.scope(config));
            kind.checkName(config);
            loading = Optional.of(reader.read(config));
        } catch (ConfigException e) {
            problem = e.getMessage();
        } catch (RuntimeException e) {
            LOG.debug("The configuration {} could not be read.", source.file(), e);
            problem = source.file() + ": it could not be read (" + e.getClass().getSimpleName() + ").";
        }
        return new Attempt(
                NUMBERS.incrementAndGet(),
                kind.id(source),
                source,
                config.contents(),
                reader.warnings(config, kind.keys()),
                scope,
                loading,
                problem);
    }

    boolean sameAs(Attempt other) {
        return other != null && source.equals(other.source) && contents.equals(other.contents);
    }
}
