/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What configuration tools are told is what the code reads. */
@Timeout(30)
class MetatypeTest {

    private static Set<String> keys(Class<?> annotation) {
        Set<String> keys = new TreeSet<>();
        for (Method method : annotation.getDeclaredMethods()) {
            keys.add(method.getName().replace('_', '.'));
        }
        return keys;
    }

    @Test
    void each_key_of_a_listener_is_described_and_no_other() {
        assertEquals(new TreeSet<>(ListenerSettings.KEYS), keys(ListenerConfiguration.class));
    }

    @Test
    void each_key_of_the_engine_is_described_and_no_other() throws ReflectiveOperationException {
        Field keys = Engine.class.getDeclaredField("KEYS");
        keys.setAccessible(true);
        assertEquals(new TreeSet<Object>((Set<?>) keys.get(null)), keys(EngineConfiguration.class));
    }
}
