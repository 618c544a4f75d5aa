/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import java.io.IOException;
import java.util.function.Supplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.peercred.common.inspect.Services;
import org.peercred.common.web.ServletOffer;
import org.peercred.webui.internal.metrics.Metrics;
import org.peercred.webui.internal.metrics.MissingServiceException;
import org.peercred.webui.internal.metrics.Sources;
import org.peercred.webui.internal.page.Page;
import org.peercred.webui.internal.page.Reply;
import org.peercred.webui.internal.page.Visit;

/**
 * What is below {@code /peercred} of a web server: the page, and the metrics. Roles are those that the caller has there: over a socket of
 * Peercred's by {@code org.peercred.roles}, elsewhere only where something else has said who is calling. Safe to be used by any thread.
 */
final class PeercredServlet extends HttpServlet implements ServletOffer.Taken {

    /** Where it is. */
    static final String PLACE = "/peercred";

    private static final String METRICS = "/metrics";
    private static final long serialVersionUID = 1L;

    private final transient Supplier<Services> services;
    private final transient Page page;
    private volatile boolean taken;

    /**
     * Answers with what is there at each request.
     *
     * @param services finds it; asked by any thread, and closed after it
     * @param page what is there but the metrics
     */
    PeercredServlet(Supplier<Services> services, Page page) {
        this.services = services;
        this.page = page;
    }

    @Override
    public void init() {
        taken = true;
    }

    @Override
    public void destroy() {
        taken = false;
    }

    @Override
    public boolean isTaken() {
        return taken;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visit visit = visit(request, response);
        if (visit.path().isEmpty()) {
            // Relative, so that it is right behind a proxy as well: the page's own addresses are relative to the slash.
            Reply.protect(response);
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", PLACE.substring(1) + "/");
        } else if (visit.path().equals(METRICS)) {
            visit.answer(metrics(visit));
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
        return new Visit(request, response, path == null ? "" : path, request::isUserInRole);
    }

    private Reply metrics(Visit visit) {
        if (!visit.mayLook()) {
            return new Reply(
                    HttpServletResponse.SC_FORBIDDEN, Reply.PLAIN, "This needs the role " + Visit.VIEWER + ".\n");
        }
        try (Services found = services.get()) {
            return new Reply(HttpServletResponse.SC_OK, Metrics.CONTENT_TYPE, Metrics.of(Sources.of(found)));
        } catch (MissingServiceException e) {
            return new Reply(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Reply.PLAIN, e.getMessage() + "\n");
        }
    }
}
