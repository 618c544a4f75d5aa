/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The control group of a process that is held, wherever it was before. */
@Timeout(300)
class HeldGroupTest extends HeldFixture {

    @Test
    void a_process_that_was_moved_is_where_it_is_now() throws Exception {
        try (Client client = new Client(server);
                TestGroup one = new TestGroup();
                TestGroup other = new TestGroup()) {
            makeKnown(client);
            for (TestGroup group : List.of(one, other, one, other)) {
                group.take(client.pid());
                for (int i = 0; i < 2; i++) {
                    assertIsIn(group, client);
                }
            }
            client.kill();
        }
    }

    @Test
    void a_control_group_that_was_removed_is_not_the_one_that_was_made_in_its_place() throws Exception {
        try (Client client = new Client(server);
                TestGroup first = new TestGroup();
                TestGroup second = new TestGroup()) {
            first.take(client.pid());
            makeKnown(client);
            second.take(client.pid());
            makeKnown(client);
            first.remake();
            first.take(client.pid());
            assertIsIn(first, client);
            client.kill();
        }
    }

    private void assertIsIn(TestGroup group, Client client) throws Exception {
        try (Connection connection = connect(client)) {
            assertEquals(
                    group.path(),
                    connection.process().controlGroup().value().orElseThrow().path());
        }
    }
}
