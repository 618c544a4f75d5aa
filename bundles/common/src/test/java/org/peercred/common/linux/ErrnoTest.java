/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ErrnoTest {

    @Test
    void constants_have_the_number_of_their_name() throws Exception {
        List<Field> constants = Arrays.stream(Errno.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .toList();
        assertFalse(constants.isEmpty());
        for (Field constant : constants) {
            assertEquals(constant.getName(), Errno.name(constant.getInt(null)));
        }
    }

    @Test
    void names_are_those_of_this_system() {
        for (jnr.constants.platform.Errno known : jnr.constants.platform.Errno.values()) {
            if (known.defined()) {
                String name = Errno.name(known.intValue());
                assertEquals(
                        known.intValue(),
                        jnr.constants.platform.Errno.valueOf(name).intValue(),
                        name);
            }
        }
    }

    @Test
    void a_number_without_a_name_is_told() {
        for (int errno : new int[] {-1, 0, 41, 58, 134, 4711, Integer.MAX_VALUE}) {
            assertEquals("errno " + errno, Errno.name(errno));
        }
        assertEquals("EHWPOISON", Errno.name(133));
    }
}
