/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Request;

/** Says how many connectors of this project's there are in the web server that asks it. */
final class Connectors extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Request whole = Objects.requireNonNull(Request.getBaseRequest(request));
        response.getWriter()
                .print(Arrays.stream(whole.getHttpChannel().getServer().getConnectors())
                        .map(Connector::getName)
                        .filter("peercred"::equals)
                        .count());
    }
}
