/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.echo.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.service.LineService;

/** What configuration tools are told is what the code reads. */
@Timeout(30)
class MetatypeTest {

    @Test
    void each_key_is_described_and_no_other() throws ReflectiveOperationException {
        Field known = EchoService.class.getDeclaredField("KEYS");
        known.setAccessible(true);
        Set<Object> read = new TreeSet<>((Set<?>) known.get(null));
        // The service property arrives with the configuration, and is nothing to be configured.
        read.remove(LineService.PROPERTY);
        Set<Object> described = new TreeSet<>();
        for (Method method : EchoConfiguration.class.getDeclaredMethods()) {
            described.add(method.getName().replace('_', '.'));
        }
        assertEquals(read, described);
    }
}
