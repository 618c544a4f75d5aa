/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.peercred.webui.internal.page.Page;
import org.peercred.webui.internal.page.Visit;

/**
 * The page as a plugin of Felix' web console, which finds it by the properties of its service, so that nothing of the console's need be there.
 * The page stands in a frame of its own inside the console's: so neither has the other's styles, and it keeps its rule that no script stands in
 * it, which the console's own pages would break. Whoever the console has let in may do all that it offers, and this. Safe to be used by any thread.
 */
final class ConsolePlugin extends HttpServlet {

    /** What it is called in the console's addresses. */
    static final String LABEL = "peercred";

    private static final long serialVersionUID = 1L;

    private static final String FRAME = "<iframe id=\"peercred-page\" title=\"Peercred\" src=\"%s\"></iframe>\n";
    private static final String PAGE = "index.htm";

    private final transient Page page;

    ConsolePlugin(Page page) {
        this.page = page;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = visit(request, response);
        // Where there is no dot in a name, the console has begun the answer already, with its own head.
        if (visit.path().isEmpty()) {
            response.getWriter().printf(FRAME, LABEL + "/" + PAGE);
        } else if (visit.path().equals("/")) {
            response.getWriter().printf(FRAME, PAGE);
        } else if (visit.path().indexOf('.') < 0) {
            response.getWriter().print("There is nothing of that name.\n");
        } else {
            page.look(visit);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        page.act(visit(request, response));
    }

    private static Visit visit(HttpServletRequest request, HttpServletResponse response) {
        String path = request.getPathInfo();
        String place = "/" + LABEL;
        String below = path != null && path.startsWith(place) ? path.substring(place.length()) : "";
        return new Visit(request, response, below, role -> true);
    }
}
