/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.peercred.service.LastWords;
import org.peercred.testing.FakePeer;
import org.peercred.testing.FakeStreamConnection;

class DigestServiceTest {

    private final DigestService service = new DigestService();
    private final FakeStreamConnection connection = new FakeStreamConnection(FakePeer.of(1001));

    @Test
    void tells_the_digest_of_all_that_it_is_sent() throws IOException {
        connection.allow("command:digest");
        service.serve(connection.send("abc").halfClose());
        assertEquals(
                "ok ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n", connection.received());
        assertEquals("command:digest", connection.takeRecorded().action());
    }

    @Test
    void tells_nothing_to_others() throws IOException {
        service.serve(connection.send("abc").halfClose());
        assertEquals("error permission denied\n", connection.received());
        assertFalse(connection.takeRecorded().decision().allowed());
    }

    @Test
    void says_in_its_own_protocol_why_it_is_over() {
        byte[] words = service.lastWords(LastWords.Cause.REVOKED, "Unauthorized access");
        assertEquals("error Unauthorized access\n", new String(words, StandardCharsets.UTF_8));
        assertEquals(0, service.lastWords(LastWords.Cause.STOPPED, "").length);
    }
}
