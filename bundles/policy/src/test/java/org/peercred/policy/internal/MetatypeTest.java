/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.InputStream;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What configuration tools are told by the built bundle is what the code reads. */
@Timeout(30)
class MetatypeTest {

    private static Document metatype(Class<?> component) throws Exception {
        String file = "/OSGI-INF/metatype/" + component.getName() + "$Configuration.xml";
        try (InputStream in = MetatypeTest.class.getResourceAsStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static Set<String> described(Class<?> component) throws Exception {
        NodeList nodes = metatype(component).getElementsByTagName("AD");
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            Element attribute = (Element) nodes.item(i);
            assertFalse(attribute.getAttribute("description").isEmpty(), attribute.getAttribute("id"));
            ids.add(attribute.getAttribute("id"));
        }
        return ids;
    }

    private static Kind kind(Class<?> policy) throws ReflectiveOperationException {
        Field field = policy.getDeclaredField("KIND");
        field.setAccessible(true);
        return (Kind) field.get(null);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OwnerPolicy.class,
                SuperuserPolicy.class,
                UidPolicy.class,
                GroupPolicy.class,
                PidPolicy.class,
                ExecutablePolicy.class,
                CgroupPolicy.class
            })
    void each_key_that_is_read_is_described_and_no_other(Class<?> policy) throws Exception {
        assertEquals(new TreeSet<>(kind(policy).keys()), described(policy));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OwnerPolicy.class,
                SuperuserPolicy.class,
                UidPolicy.class,
                GroupPolicy.class,
                PidPolicy.class,
                ExecutablePolicy.class,
                CgroupPolicy.class,
                CommandPolicy.class
            })
    void the_pid_that_is_described_is_the_one_that_is_read(Class<?> policy) throws Exception {
        Element designate =
                (Element) metatype(policy).getElementsByTagName("Designate").item(0);
        Kind kind = kind(policy);
        assertEquals(kind.pid(), designate.getAttribute(kind.many() ? "factoryPid" : "pid"));
    }
}
