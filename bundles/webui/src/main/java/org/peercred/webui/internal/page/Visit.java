/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import java.io.IOException;
import java.util.function.Predicate;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * A request for something below the page's place, wherever that is.
 *
 * @param request the request
 * @param response what answers it
 * @param path what is asked for, below the page's place; begins with a slash
 * @param roles tells whether the caller has a role now; asked by any thread
 */
public record Visit(HttpServletRequest request, HttpServletResponse response, String path, Predicate<String> roles) {

    /** Who may look. */
    public static final String VIEWER = "viewer";

    /** Who may end connections. */
    public static final String MANAGER = "manager";

    /**
     * Whether the caller may look, now.
     *
     * @return true for a viewer
     */
    public boolean mayLook() {
        return roles.test(VIEWER);
    }

    /**
     * Whether the caller may end connections, now.
     *
     * @return true for a manager
     */
    public boolean mayManage() {
        return roles.test(MANAGER);
    }

    /**
     * A field of what was sent.
     *
     * @param name of the field
     * @return without blanks around it; empty if it was not sent
     */
    public String field(String name) {
        String value = request.getParameter(name);
        return value == null ? "" : value.strip();
    }

    /**
     * Who is calling.
     *
     * @return the name; empty if there is none
     */
    public String user() {
        String user = request.getRemoteUser();
        return user == null ? "" : user;
    }

    /**
     * Answers.
     *
     * @param reply with what
     * @throws IOException if the client is gone
     */
    public void answer(Reply reply) throws IOException {
        reply.send(response);
    }
}
