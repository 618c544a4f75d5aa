/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peercred.common.config.Described;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.kinds.CgroupPolicy;
import org.peercred.policy.internal.kinds.CommandPolicy;
import org.peercred.policy.internal.kinds.ExecutablePolicy;
import org.peercred.policy.internal.kinds.GroupPolicy;
import org.peercred.policy.internal.kinds.HttpPolicy;
import org.peercred.policy.internal.kinds.OwnerPolicy;
import org.peercred.policy.internal.kinds.SuperuserPolicy;
import org.peercred.policy.internal.kinds.UidPolicy;
import org.peercred.policy.internal.pid.PidPolicy;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What configuration tools are told by the built bundle is what the code reads. */
@Timeout(120)
class MetatypeTest {

    private static Document metatype(Class<?> component) throws Exception {
        String file = "/OSGI-INF/metatype/" + component.getName() + "$Configuration.xml";
        try (InputStream in = MetatypeTest.class.getResourceAsStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static PolicyKind kind(Class<?> policy) {
        String name = policy.getSimpleName().replace("Policy", "").toLowerCase(Locale.ROOT);
        return PolicyKind.of("org.peercred.policy." + name).orElseThrow();
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
                HttpPolicy.class
            })
    void each_key_that_is_read_is_described_and_no_other(Class<?> policy) throws Exception {
        PolicyKind kind = kind(policy);
        Described.assertDescribes(kind.pid() + (kind.many() ? "~NAME" : ""), kind.keys());
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
                CommandPolicy.class,
                HttpPolicy.class
            })
    void the_pid_that_is_described_is_the_one_that_is_read(Class<?> policy) throws Exception {
        Element designate =
                (Element) metatype(policy).getElementsByTagName("Designate").item(0);
        PolicyKind kind = kind(policy);
        assertEquals(kind.pid(), designate.getAttribute(kind.many() ? "factoryPid" : "pid"));
    }
}
