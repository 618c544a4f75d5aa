/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.function.Supplier;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.peercred.webui.internal.metrics.Metrics;
import org.peercred.webui.internal.metrics.MissingServiceException;
import org.peercred.webui.internal.metrics.Sources;

/**
 * What is below {@code /peercred} of a web server. It answers who has the role {@code viewer} there: over a socket of Peercred's by
 * {@code org.peercred.roles}, elsewhere only where something else has said who is calling. Safe to be used by any thread.
 */
final class PeercredServlet extends HttpServlet implements ServletOffer.Taken {

    /** Who may look. */
    static final String VIEWER = "viewer";

    private static final long serialVersionUID = 1L;
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final transient Supplier<Sources> sources;
    private volatile boolean taken;

    /**
     * Answers with what is there at each request.
     *
     * @param sources asked by any thread
     */
    PeercredServlet(Supplier<Sources> sources) {
        this.sources = sources;
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
        if (!request.isUserInRole(VIEWER)) {
            answer(response, HttpServletResponse.SC_FORBIDDEN, PLAIN, "This needs the role " + VIEWER + ".\n");
            return;
        }
        try {
            answer(response, HttpServletResponse.SC_OK, Metrics.CONTENT_TYPE, Metrics.of(sources.get()));
        } catch (MissingServiceException e) {
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, PLAIN, e.getMessage() + "\n");
        }
    }

    private static void answer(HttpServletResponse response, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(body);
    }
}
