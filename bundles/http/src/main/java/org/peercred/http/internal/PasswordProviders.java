/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.WebConsoleSecurityProvider;
import org.apache.felix.webconsole.WebConsoleSecurityProvider2;
import org.osgi.framework.ServiceReference;

/**
 * Those who ask for passwords in the web console. The one of the highest ranking is asked and no other, as the web console itself does it: for
 * a plain one, the password comes by HTTP's Basic authentication (RFC 7617). Safe to be used by any thread.
 */
@SuppressWarnings("deprecation") // what comes after them is not in the web console of this version of Karaf
final class PasswordProviders {

    private static final String BASIC = "Basic ";

    /** By which the OSGi HTTP Service (chapter 102) learns what a servlet is told of who is logged in. */
    private static final String REMOTE_USER = "org.osgi.service.http.authentication.remote.user";

    private static final String AUTHENTICATION_TYPE = "org.osgi.service.http.authentication.type";

    private final Map<ServiceReference<WebConsoleSecurityProvider>, WebConsoleSecurityProvider> all =
            new ConcurrentHashMap<>();

    void add(ServiceReference<WebConsoleSecurityProvider> reference, WebConsoleSecurityProvider provider) {
        all.put(reference, provider);
    }

    void remove(ServiceReference<WebConsoleSecurityProvider> reference) {
        all.remove(reference);
    }

    /** The one of the highest ranking as it is now, of several the first that was registered. */
    Optional<WebConsoleSecurityProvider> best() {
        return all.entrySet().stream()
                .max(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(Map.Entry::getValue);
    }

    /**
     * Asks for a password.
     *
     * @return whether the request may go on; false where the response has been given
     */
    boolean authenticate(HttpServletRequest request, HttpServletResponse response) {
        Optional<WebConsoleSecurityProvider> best = best();
        if (best.isEmpty()) {
            return refuse(response);
        }
        if (best.get() instanceof WebConsoleSecurityProvider2 whole) {
            return whole.authenticate(request, response);
        }
        return authenticate(best.get(), request, response);
    }

    private static boolean authenticate(
            WebConsoleSecurityProvider plain, HttpServletRequest request, HttpServletResponse response) {
        String[] sent = nameAndPassword(request.getHeader("Authorization"));
        if (sent.length == 2 && plain.authenticate(sent[0], sent[1]) != null) {
            request.setAttribute(WebConsoleSecurityProvider2.USER_ATTRIBUTE, sent[0]);
            request.setAttribute(REMOTE_USER, sent[0]);
            request.setAttribute(AUTHENTICATION_TYPE, HttpServletRequest.BASIC_AUTH);
            return true;
        }
        response.setHeader("WWW-Authenticate", BASIC + "realm=\"OSGi Management Console\"");
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        return end(response);
    }

    /** Empty if there are none. */
    private static String[] nameAndPassword(String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return new String[0];
        }
        try {
            String both = new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), UTF_8);
            return both.split(":", 2);
        } catch (IllegalArgumentException e) {
            return new String[0];
        }
    }

    /** Answers that there is no way in. */
    static boolean refuse(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        return end(response);
    }

    private static boolean end(HttpServletResponse response) {
        try {
            response.setContentLength(0);
            response.flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return false;
    }
}
