/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Asks for a name and a password, and Karaf whether they are right: a login for each request, as Karaf's web console and Jolokia do it. */
final class PasswordFilter implements Filter {

    private static final String BASIC = "Basic ";

    private final String realm;

    PasswordFilter(String realm) {
        this.realm = realm;
    }

    /** What a client calls itself. */
    private record Claim(String name, String password) {}

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<Claim> claim = claim(((HttpServletRequest) request).getHeader("Authorization"));
        if (claim.isPresent() && isRight(claim.get())) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse refusal = (HttpServletResponse) response;
        refusal.setHeader("WWW-Authenticate", "Basic realm=\"" + realm + "\"");
        refusal.sendError(HttpServletResponse.SC_UNAUTHORIZED);
    }

    private static Optional<Claim> claim(String header) {
        if (header == null || !header.startsWith(BASIC)) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getDecoder().decode(header.substring(BASIC.length())), UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Claim(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private boolean isRight(Claim claim) {
        Answers answers = new Answers(claim);
        try {
            new LoginContext(realm, new Subject(), answers).login();
            return true;
        } catch (LoginException e) {
            return false;
        } finally {
            Reference.reachabilityFence(answers);
        }
    }

    /**
     * Answers what the realm asks for, and keeps the questions for as long as somebody keeps this: where nobody does, a garbage collection can have the JDK
     * (17.0.15) wipe a password while it is being copied out of its question, and the right one is refused, now and then.
     */
    private static final class Answers implements CallbackHandler {

        private final Claim claim;
        private final List<Callback> asked = new ArrayList<>();

        Answers(Claim claim) {
            this.claim = claim;
        }

        @Override
        public void handle(Callback[] callbacks) {
            asked.addAll(List.of(callbacks));
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(claim.name());
                } else if (callback instanceof PasswordCallback password) {
                    password.setPassword(claim.password().toCharArray());
                }
            }
        }
    }
}
