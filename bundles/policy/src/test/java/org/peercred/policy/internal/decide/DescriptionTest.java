/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the build made of the annotations: names, PIDs and callbacks that operators and SCR rely on. */
@Timeout(120)
class DescriptionTest {

    private static Element component(String name) throws Exception {
        try (InputStream in = DescriptionTest.class.getResourceAsStream("/OSGI-INF/" + name + ".xml")) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        }
    }

    private static List<Element> references(Element component) {
        NodeList nodes = component.getElementsByTagName("reference");
        List<Element> references = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            references.add((Element) nodes.item(i));
        }
        return references;
    }

    @ParameterizedTest
    @ValueSource(strings = {"owner", "superuser", "uid", "group", "pid", "executable", "cgroup"})
    void each_policy_lives_by_a_configuration_that_is_changed_in_place(String kind) throws Exception {
        String name = "org.peercred.policy." + kind;
        Element component = component(name);
        assertEquals(name, component.getAttribute("name"));
        assertEquals(name, component.getAttribute("configuration-pid"));
        assertEquals("require", component.getAttribute("configuration-policy"));
        assertEquals("modified", component.getAttribute("modified"));
        assertEquals("deactivate", component.getAttribute("deactivate"));
        // A policy that is not kept between two uses would forget its last good configuration.
        assertEquals("true", component.getAttribute("immediate"));
        for (Element reference : references(component)) {
            assertTrue(
                    List.of("background", "credentials", "users", "pinner").contains(reference.getAttribute("name")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"policies", "listeners"})
    void access_control_takes_services_as_they_come_and_go(String name) throws Exception {
        Element component = component("org.peercred.policy.access");
        assertEquals("true", component.getAttribute("immediate"));
        Element reference = references(component).stream()
                .filter(r -> r.getAttribute("name").equals(name))
                .findFirst()
                .orElseThrow();
        assertEquals("0..n", reference.getAttribute("cardinality"));
        assertEquals("dynamic", reference.getAttribute("policy"));
        assertEquals("greedy", reference.getAttribute("policy-option"));
        if (name.equals("policies")) {
            assertEquals("updatedPolicy", reference.getAttribute("updated"));
        }
    }
}
