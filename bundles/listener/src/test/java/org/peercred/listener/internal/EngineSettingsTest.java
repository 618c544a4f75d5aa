/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.listener.internal.engine.Budget;

@Timeout(120)
class EngineSettingsTest {

    private static EngineSettings read(String... keysAndValues) throws ConfigException {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        properties.put("felix.fileinstall.filename", "file:/x/etc/org.peercred.listener.engine.cfg");
        return EngineSettings.from(new Config(properties, ConfigSource.of(properties, EngineComponent.PID)));
    }

    @Test
    void has_the_documented_defaults() throws Exception {
        long total = Budget.defaultTotal();
        assertEquals(new EngineSettings(1, true, total, Budget.defaultPerUid(total), 512), read());
        assertEquals(read(), read("write.buffer.total", "", "write.buffer.per.uid", " ", "loops", ""));
    }

    @Test
    void reads_every_key() throws Exception {
        assertEquals(
                new EngineSettings(64, false, 1 << 20, 64 << 10, 32_768),
                read(
                        "loops",
                        "64",
                        "spin",
                        "off",
                        "write.buffer.total",
                        "1 MiB",
                        "write.buffer.per.uid",
                        "64 KiB",
                        "max.threads",
                        "32768"));
    }

    @Test
    void one_user_has_half_of_what_there_is_for_all() throws Exception {
        assertEquals(1 << 20, read("write.buffer.total", "2 MiB").perUid());
    }

    @Test
    void takes_the_greatest_size_that_is_documented() throws Exception {
        assertEquals(2L << 30, read("write.buffer.total", "2 GiB").total());
    }

    @Test
    void tells_all_that_is_wrong_at_once() {
        String file = "etc/org.peercred.listener.engine.cfg: ";
        String bytes = "it must be a size, 64 KiB to 2 GiB, for instance 64 KiB. ";
        assertEquals(
                file + "loops = 65: it must be a whole number from 1 to 64. " + file
                        + "spin = on: it must be adaptive or off. " + file + "write.buffer.total = 1: " + bytes + file
                        + "write.buffer.per.uid = much: " + bytes + file
                        + "max.threads = 0: it must be a whole number from 1 to 32768.",
                assertThrows(
                                ConfigException.class,
                                () -> read(
                                        "loops",
                                        "65",
                                        "spin",
                                        "on",
                                        "write.buffer.total",
                                        "1",
                                        "write.buffer.per.uid",
                                        "much",
                                        "max.threads",
                                        "0"))
                        .getMessage());
    }
}
