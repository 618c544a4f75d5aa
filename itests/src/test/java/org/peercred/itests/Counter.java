/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import java.io.InputStream;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Says who is calling, and how many bytes came along. */
final class Counter extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long bytes = 0;
        try (InputStream body = request.getInputStream()) {
            byte[] some = new byte[1 << 16];
            for (int count = body.read(some); count >= 0; count = body.read(some)) {
                bytes += count;
            }
        }
        response.getWriter()
                .print("user=" + request.getRemoteUser() + " admin=" + request.isUserInRole("admin") + " viewer="
                        + request.isUserInRole("viewer") + " bytes=" + bytes);
    }
}
