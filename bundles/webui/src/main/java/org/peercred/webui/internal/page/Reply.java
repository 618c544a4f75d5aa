/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import javax.servlet.http.HttpServletResponse;
import org.peercred.common.json.Json;
import org.peercred.common.text.ForeignText;

/**
 * An answer, whole.
 *
 * @param status of HTTP
 * @param type the media type, with the encoding UTF-8
 * @param text what is sent
 */
public record Reply(int status, String type, String text) {

    /** The media type of a sentence. */
    public static final String PLAIN = "text/plain; charset=utf-8";

    private static final String JSON = "application/json; charset=utf-8";

    /** Nothing from elsewhere, no script and no style but those in files of the page, and no other site's frame around it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    /**
     * Facts for the page. What clients and others have chosen is among them, so what cannot be seen in any text is made visible.
     *
     * @param value as {@link Json} takes it
     * @return the answer
     */
    public static Reply json(Object value) {
        return json(HttpServletResponse.SC_OK, value);
    }

    /**
     * Why there is nothing.
     *
     * @param status of HTTP
     * @param sentence for who uses the page
     * @return the answer
     */
    public static Reply error(int status, String sentence) {
        return json(status, Map.of("error", sentence));
    }

    private static Reply json(int status, Object value) {
        return new Reply(status, JSON, Json.of(value, ForeignText::escape));
    }

    /**
     * Says what a browser may do with an answer: not keep it, not guess what it is, and load nothing for it from elsewhere.
     *
     * @param response not committed yet
     */
    public static void protect(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    /**
     * Sends it.
     *
     * @param response not committed yet
     * @throws IOException if the client is gone
     */
    public void send(HttpServletResponse response) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        protect(response);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
