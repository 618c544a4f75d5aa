/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.Decision;
import org.peercred.service.ChannelConnection;

/**
 * Lets requests through to applications or refuses them, before an application sees anything of them. A request that an application could
 * understand otherwise than the rules do is refused. Safe to be used by any thread.
 */
public final class Gatekeeper {

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    /** Headers by which some applications take another method than that of the request line. */
    private static final Set<String> METHOD_OVERRIDES =
            Set.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override");

    private final Supplier<Optional<AccessControl>> controls;
    private final Coverage coverage = new Coverage();

    /**
     * Why a request is refused.
     *
     * @param status of HTTP
     * @param text for the client, without a line end; empty for none
     */
    public record Refusal(int status, String text) {

        /** Of what could be understood in more than one way. */
        static final Refusal MISUNDERSTOOD = new Refusal(BAD_REQUEST, "Bad request");
    }

    /**
     * Creates a gatekeeper.
     *
     * @param controls gives who decides, if there is anybody
     */
    public Gatekeeper(Supplier<Optional<AccessControl>> controls) {
        this.controls = controls;
    }

    /**
     * Decides. Refusals by a policy are audited.
     *
     * @param connection whose request it is
     * @param request as the server has read it
     * @return empty if it may go on
     */
    public Optional<Refusal> refusal(ChannelConnection connection, Request request) {
        Optional<AccessControl> control = controls.get();
        if (control.isEmpty()) {
            return Optional.of(new Refusal(UNAVAILABLE, "Service unavailable"));
        }
        if (!coverage.covers(control.get(), connection.listener())) {
            // What covered it may have gone a moment ago, and the listener may require it: then the connection is about
            // to be ended.
            return connection.decide(AccessRequest.CONNECT).allowed()
                    ? Optional.empty()
                    : Optional.of(new Refusal(FORBIDDEN, connection.deniedMessage()));
        }
        Optional<String> path = RequestPath.plain(request.getHttpURI().getPath());
        if (path.isEmpty() || !path.get().equals(request.getPathInfo()) || overridesMethod(request.getHttpFields())) {
            return Optional.of(Refusal.MISUNDERSTOOD);
        }
        String action = AccessRequest.http(request.getMethod(), path.get());
        Decision decision = connection.decide(action);
        if (decision.allowed()) {
            return Optional.empty();
        }
        connection.audit(action, decision, Map.of());
        return Optional.of(new Refusal(FORBIDDEN, connection.deniedMessage()));
    }

    private static boolean overridesMethod(HttpFields headers) {
        return METHOD_OVERRIDES.stream().anyMatch(headers::containsKey);
    }
}
