/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import java.net.URI;
import java.net.URISyntaxException;
import javax.servlet.http.HttpServletRequest;

/** Whose page a browser sent a request for, by what browsers say and pages cannot change. */
final class Origin {

    private Origin() {}

    /**
     * Whether a request is not another site's. Newer browsers say so in {@code Sec-Fetch-Site} where they trust the connection; otherwise
     * {@code Origin} has to be what was asked. Who says neither is no browser that runs another site's page.
     *
     * @param request the request
     * @return false if another site's page made the browser send it
     */
    static boolean isOwn(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin")
                    || (site.equals("none") && request.getMethod().equals("GET"));
        }
        String origin = request.getHeader("Origin");
        return origin == null || authority(origin).equalsIgnoreCase(request.getHeader("Host"));
    }

    private static String authority(String origin) {
        try {
            String authority = new URI(origin).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
