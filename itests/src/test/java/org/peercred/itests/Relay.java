/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.io.IOException;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Below {@code /relay/who} says who is calling, and what Karaf's realm makes of the name and the password that came along; has that answer in each
 * of the ways that servlets have below {@code /relay/forward}, {@code include} and {@code dispatch}.
 */
final class Relay extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String WHO = "/relay/who";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        if (request.getAttribute(WHO) != null || request.getRequestURI().equals(WHO)) {
            response.getWriter()
                    .print("user=" + request.getRemoteUser() + " type=" + request.getAuthType() + " viewer="
                            + request.isUserInRole("viewer") + " realm="
                            + RealmLogin.of(request.getHeader("Authorization")));
            return;
        }
        request.setAttribute(WHO, true);
        switch (request.getPathInfo()) {
            case "/forward" -> request.getRequestDispatcher(WHO).forward(request, response);
            case "/include" -> request.getRequestDispatcher(WHO).include(request, response);
            case "/dispatch" -> request.startAsync().dispatch(WHO);
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }
}
