/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the lines of the audit go. */
interface LineLog {

    /** Whether lines of this level are kept. */
    boolean wants(boolean warning);

    /** Writes a line. */
    void write(boolean warning, String line);

    /** A logger. */
    static LineLog of(String name) {
        Logger logger = LoggerFactory.getLogger(name);
        return new LineLog() {
            @Override
            public boolean wants(boolean warning) {
                return warning ? logger.isWarnEnabled() : logger.isInfoEnabled();
            }

            @Override
            public void write(boolean warning, String line) {
                if (warning) {
                    logger.warn(line);
                } else {
                    logger.info(line);
                }
            }
        };
    }
}
