/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.caller;

import java.security.Principal;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import javax.security.auth.Subject;
import javax.servlet.ServletRequest;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.eclipse.jetty.server.Authentication;
import org.eclipse.jetty.server.UserIdentity;
import org.peercred.service.ChannelConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who sends the requests of one connection: the kernel's word as Jetty and applications understand it. Nothing that a client sends takes part in
 * it. Roles are asked for anew each time, so that they count as they are configured now. Safe to be used by any thread.
 */
public final class Caller implements Authentication.User, UserIdentity {

    /** What applications are told of how the caller was authenticated. */
    public static final String METHOD = "PEERCRED";

    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    private final ChannelConnection connection;
    private final LongFunction<String> names;
    private volatile UserPrincipal principal;

    /**
     * Knows who is connected.
     *
     * @param connection the connection
     * @param names finds a user's name; asked once, when somebody wants to know it, on that thread
     */
    public Caller(ChannelConnection connection, LongFunction<String> names) {
        this.connection = connection;
        this.names = names;
    }

    /** The connection that the requests come by. */
    public ChannelConnection connection() {
        return connection;
    }

    /** The name; the number where there is none, or one that could be taken for a name and a password. */
    @Override
    public Principal getUserPrincipal() {
        UserPrincipal known = principal;
        if (known == null) {
            long uid = connection.peer().uid();
            String name = names.apply(uid);
            known = new UserPrincipal(name.indexOf(':') < 0 ? name : Long.toString(uid));
            principal = known;
        }
        return known;
    }

    /** The roles now; none if they cannot be told. */
    public Set<String> roles() {
        try {
            return connection.roles();
        } catch (IllegalStateException e) {
            LOG.debug("The roles of connection {} cannot be told", connection.id(), e);
            return Set.of();
        }
    }

    /** Name and roles as Karaf's own applications look for them. */
    @Override
    public Subject getSubject() {
        Subject subject = new Subject();
        subject.getPrincipals().add(getUserPrincipal());
        roles().forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
        return subject;
    }

    @Override
    public boolean isUserInRole(String role, Scope scope) {
        Map<String, String> references = scope == null ? null : scope.getRoleRefMap();
        String known = references == null ? null : references.get(role);
        return roles().contains(known == null ? role : known);
    }

    @Override
    public boolean isUserInRole(Scope scope, String role) {
        return isUserInRole(role, scope);
    }

    @Override
    public String getAuthMethod() {
        return METHOD;
    }

    @Override
    public UserIdentity getUserIdentity() {
        return this;
    }

    /** For this request; the next one is the same caller's again. */
    @Override
    public Authentication logout(ServletRequest request) {
        return Authentication.UNAUTHENTICATED;
    }

    @Deprecated
    @Override
    public void logout() {
        // What this request goes on with, the other one says.
    }
}
