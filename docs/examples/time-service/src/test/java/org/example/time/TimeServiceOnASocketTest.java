/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.peercred.testing.FakePeer;
import org.peercred.testing.TestClient;
import org.peercred.testing.TestListener;

class TimeServiceOnASocketTest {

    @AutoClose
    final TestListener listener = TestListener.lines(new TimeService(), "max.line.length", "100");

    @Test
    void says_good_bye_to_whoever_the_kernel_says_is_there() throws IOException {
        try (TestClient client = listener.connectAs(FakePeer.of(1001))) {
            assertEquals("There is no such time zone.", client.ask("Mars"));
            assertEquals("Good bye, user 1001\n", client.send("bye\n").rest());
        }
    }

    @Test
    void loses_its_clients_with_their_permission() throws IOException {
        try (TestClient client = listener.connect()) {
            client.ask("Mars");
            listener.access().denyAll();
            assertEquals("Unauthorized access\n", client.rest());
        }
    }
}
