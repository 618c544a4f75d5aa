/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Optional;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Schema;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.ThreadCount;

/**
 * What a configuration says of the engine; {@link EngineConfiguration} describes its keys to configuration tools.
 *
 * @param loops how many event loops take new connections
 * @param spins whether they poll for some time before they sleep
 * @param total bytes that may be kept for all connections together
 * @param perUid the same for those of one user
 * @param threads how many threads services may have for clients
 */
record EngineSettings(int loops, boolean spins, long total, long perUid, int threads) {

    static final Schema SCHEMA = new Schema();

    private static final long MOST_BYTES = 2L << 30;
    private static final Key<Integer> LOOPS = SCHEMA.add(Keys.number("loops", 1, 1, 64));
    private static final Key<Boolean> SPIN_IS_OFF = SCHEMA.add(Keys.choice("spin", "adaptive", "off"));
    private static final Key<Optional<Long>> TOTAL = SCHEMA.add(bytes("write.buffer.total"));
    private static final Key<Optional<Long>> PER_UID = SCHEMA.add(bytes("write.buffer.per.uid"));
    private static final Key<Integer> THREADS = SCHEMA.add(Keys.number("max.threads", ThreadCount.DEFAULT, 1, 32_768));

    private static Key<Optional<Long>> bytes(String name) {
        return Keys.size(name, "", Budget.LEAST, MOST_BYTES).optional();
    }

    /**
     * Reads them.
     *
     * @param config a configuration, perhaps an empty one
     * @return the settings
     * @throws ConfigException with a sentence about each value that cannot be used
     */
    static EngineSettings from(Config config) throws ConfigException {
        Problems problems = new Problems();
        int loops = problems.read(config, LOOPS);
        boolean spins = !problems.read(config, SPIN_IS_OFF);
        long total = problems.read(config, TOTAL).orElseGet(Budget::defaultTotal);
        long perUid = problems.read(config, PER_UID).orElseGet(() -> Budget.defaultPerUid(total));
        int threads = problems.read(config, THREADS);
        problems.end();
        return new EngineSettings(loops, spins, total, perUid, threads);
    }
}
