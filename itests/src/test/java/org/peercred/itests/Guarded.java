/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The servlet of {@link GuardedWar}. */
public final class Guarded extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter()
                .print("user=" + request.getRemoteUser() + " type=" + request.getAuthType() + " viewer="
                        + request.isUserInRole("viewer") + " reader=" + request.isUserInRole("reader") + " auditor="
                        + request.isUserInRole("auditor"));
    }
}
