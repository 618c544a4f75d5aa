/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.peercred.http.internal.caller.Caller;
import org.peercred.http.internal.jetty.PeerEndPoint;

/**
 * Lets applications see, of a request that a reverse proxy passes on, the address, scheme and host that the proxy's client used, where the
 * peer has the role for that. Who the caller is, and what it may do, stays the peer's. Stands behind what refuses requests. Safe to be
 * used by any thread.
 */
public final class Forwarding implements HttpConfiguration.Customizer {

    private final Supplier<Optional<String>> role;

    /**
     * Looks at no request's headers before there is a role.
     *
     * @param role gives the role of reverse proxies now; empty if nobody is one
     */
    public Forwarding(Supplier<Optional<String>> role) {
        this.role = role;
    }

    @Override
    public void customize(Connector connector, HttpConfiguration configuration, Request request) {
        Optional<String> wanted = role.get();
        Caller caller = ((PeerEndPoint) request.getHttpChannel().getEndPoint()).caller();
        if (wanted.isEmpty() || !caller.roles().contains(wanted.get())) {
            return;
        }
        try {
            show(Forwarded.read(request.getHttpFields()), request);
        } catch (IllegalArgumentException e) {
            Admission.refuse(request, Gatekeeper.Refusal.MISUNDERSTOOD);
        }
    }

    private static void show(Forwarded forwarded, Request request) {
        forwarded.client().ifPresent(request::setRemoteAddr);
        forwarded.scheme().ifPresent(scheme -> {
            request.setScheme(scheme);
            request.setSecure(scheme.equals("https"));
        });
        forwarded.host().ifPresent(host -> request.setAuthority(host.getHost(), host.getPort()));
    }
}
