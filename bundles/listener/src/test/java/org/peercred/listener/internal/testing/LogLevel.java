/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.lang.reflect.Field;
import org.slf4j.LoggerFactory;

/** Switches a logger off until it is closed. The simple logger of the tests has no other way to do that at run time. */
public final class LogLevel implements AutoCloseable {

    private static final int OFF = 50;

    private final Object logger;
    private final Field level;
    private final int before;

    private LogLevel(String name) throws ReflectiveOperationException {
        logger = LoggerFactory.getLogger(name);
        level = logger.getClass().getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        before = level.getInt(logger);
        level.setInt(logger, OFF);
    }

    public static LogLevel off(String name) throws ReflectiveOperationException {
        return new LogLevel(name);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        level.setInt(logger, before);
    }
}
