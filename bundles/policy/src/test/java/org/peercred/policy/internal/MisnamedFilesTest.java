/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;

@Timeout(30)
class MisnamedFilesTest {

    /** An object that answers some methods and none else. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                MisnamedFilesTest.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }

    private static MisnamedFiles start(String... pidsOfSingles) {
        Configuration[] there = new Configuration[pidsOfSingles.length];
        for (int i = 0; i < there.length; i++) {
            there[i] = answering(Configuration.class, Map.of("getPid", pidsOfSingles[i]));
        }
        Map<String, Object> answers = there.length == 0 ? Map.of() : Map.of("listConfigurations", there);
        return new MisnamedFiles(answering(ConfigurationAdmin.class, answers));
    }

    @SuppressWarnings("unchecked")
    private static ConfigurationEvent event(int type, String factoryPid, String pid) {
        ServiceReference<ConfigurationAdmin> nobody = answering(ServiceReference.class, Map.of());
        return new ConfigurationEvent(nobody, type, factoryPid, pid);
    }

    private static int warnings(String name) {
        return Logged.lines("WARN", "Nobody reads etc/org.peercred.policy.uid~" + name + ".cfg")
                .size();
    }

    @Test
    void warns_of_a_file_that_was_there_before_and_says_its_right_name() {
        start("org.peercred.policy.uid~before", "org.peercred.policy.owner");
        assertEquals(
                1,
                Logged.lines("the file for before must be named etc/org.peercred.policy.uid-before.cfg.")
                        .size());
        assertEquals(1, warnings("before"));
    }

    @Test
    void warns_once_of_a_file_that_turns_up_and_again_when_it_comes_back() {
        MisnamedFiles files = start();
        String pid = "org.peercred.policy.uid~later";
        files.configurationEvent(event(ConfigurationEvent.CM_UPDATED, null, pid));
        files.configurationEvent(event(ConfigurationEvent.CM_UPDATED, null, pid));
        assertEquals(1, warnings("later"));
        files.configurationEvent(event(ConfigurationEvent.CM_DELETED, null, pid));
        files.configurationEvent(event(ConfigurationEvent.CM_UPDATED, null, pid));
        assertEquals(2, warnings("later"));
    }

    @Test
    void leaves_instances_and_other_peoples_files_alone() {
        MisnamedFiles files = start();
        files.configurationEvent(
                event(ConfigurationEvent.CM_UPDATED, "org.peercred.policy.uid", "org.peercred.policy.uid~instance"));
        files.configurationEvent(event(ConfigurationEvent.CM_UPDATED, null, "org.example.policy.uid~instance"));
        assertEquals(0, Logged.lines("WARN", "~instance").size());
    }
}
