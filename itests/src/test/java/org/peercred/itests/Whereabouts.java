/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Tells where a request came from and where to, as an application sees it. */
final class Whereabouts extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter()
                .print("user=" + request.getRemoteUser() + " address=" + request.getRemoteAddr() + " secure="
                        + request.isSecure() + " url=" + request.getRequestURL());
    }
}
