/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is calling, as an application knows it. */
@Timeout(120)
class WhoCallsTest {

    @AutoClose
    private final Web web = new Web();

    @Test
    void an_application_knows_its_caller_by_the_kernels_word_and_by_no_header() throws Exception {
        web.listener.grantRoles("viewer");
        String expected = "user" + uid() + " UserPrincipal PEERCRED true true [] " + uid() + " test http";
        try (Browser browser = web.browser()) {
            assertEquals(expected, browser.get("/who").body());
            assertEquals(
                    expected,
                    browser.get(
                                    "/who",
                                    "Authorization: Basic YWRtaW46YWRtaW4=",
                                    "X-Remote-User: root",
                                    "REMOTE_USER: root",
                                    "X-Forwarded-For: 1.2.3.4",
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-User: root",
                                    "Forwarded: for=1.2.3.4;proto=https",
                                    "Host: evil")
                            .body());
        }
    }

    @Test
    void roles_count_as_they_are_now_on_a_connection_that_is_kept() throws Exception {
        try (Browser browser = web.browser()) {
            assertTrue(browser.get("/who").body().contains(" false true "));
            web.listener.grantRoles("viewer");
            assertTrue(browser.get("/who").body().contains(" true true "));
            web.listener.grantRoles("editor");
            assertTrue(browser.get("/who").body().contains(" false true "));
        }
    }

    @Test
    void a_name_with_a_colon_is_given_as_the_number() throws Exception {
        web.name = "root:secret";
        try (Browser browser = web.browser()) {
            assertTrue(browser.get("/who").body().startsWith(uid() + " "));
        }
    }

    private static long uid() throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }
}
