/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.peercred.access.AccessControl;
import org.peercred.access.Finding;
import org.peercred.access.FindingSource;
import org.peercred.common.testing.FakeContext;
import org.peercred.common.testing.FakeDirectory;
import org.peercred.service.ListenerDirectory;
import org.peercred.testing.FakeAccessControl;

class FindingsHealthCheckTest {

    private final FakeContext services = new FakeContext();

    @BeforeEach
    void listenersWithoutProblems() {
        FakeDirectory directory = new FakeDirectory();
        directory.listeners = List.of();
        services.add(ListenerDirectory.class, directory);
    }

    @Test
    void is_ok_where_nothing_is_amiss() {
        services.add(AccessControl.class, new FakeAccessControl());
        Result result = result();
        assertEquals(Result.Status.OK, result.getStatus(), result.toString());
        assertEquals(0, services.held());
    }

    @Test
    void warns_of_each_finding_and_of_what_is_missing() {
        services.add(
                FindingSource.class,
                () -> List.of(new Finding(Finding.Area.CONTAINER, "LANG", "It is not \u202eset.", "Set it.")));
        Result result = result();
        assertEquals(Result.Status.WARN, result.getStatus());
        List<String> lines = StreamSupport.stream(result.spliterator(), false)
                .map(ResultLog.Entry::getMessage)
                .toList();
        assertEquals("It is not \\u202eset. Set it.", lines.get(0));
        assertTrue(lines.get(1).startsWith("The service AccessControl is missing"), lines.toString());
    }

    private Result result() {
        return new FindingsHealthCheck(services.asContext()).execute();
    }
}
