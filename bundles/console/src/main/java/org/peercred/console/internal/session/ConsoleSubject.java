/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.security.Principal;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.jaas.boot.principal.UserPrincipal;
import org.peercred.service.PeerConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who one connection's commands run as: the peer's name and roles, as Karaf's command ACLs read them. Roles only ever become fewer: a
 * role that is given counts from the next connection on, since Karaf remembers what a session may see. Threads that commands
 * start inherit it, so it is emptied when the connection is over. Safe to be used by any thread.
 */
public final class ConsoleSubject {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleSubject.class);

    private final PeerConnection connection;
    private final String name;
    private final Subject subject = new Subject();

    /**
     * Asks for the peer's roles.
     *
     * @param connection whose
     * @param name the peer's user name
     * @throws IllegalStateException if its roles cannot be told
     */
    public ConsoleSubject(PeerConnection connection, String name) {
        this.connection = connection;
        this.name = name;
        Set<Principal> principals = subject.getPrincipals();
        principals.add(new UserPrincipal(name));
        connection.roles().forEach(role -> principals.add(new RolePrincipal(role)));
    }

    /** The user's name. */
    public String name() {
        return name;
    }

    /** What is kept in sessions under the name of its class, where Karaf's commands look. */
    public Subject subject() {
        return subject;
    }

    /** The roles that count now, in alphabetical order. */
    public synchronized Set<String> roles() {
        Set<String> roles = new TreeSet<>();
        subject.getPrincipals(RolePrincipal.class).forEach(role -> roles.add(role.getName()));
        return roles;
    }

    /** Takes away the roles that the peer does not have any more; all, if they cannot be told. May wait for the event loop. */
    public void refresh() {
        Set<String> now;
        try {
            now = connection.roles();
        } catch (IllegalStateException e) {
            LOG.debug("Connection {} loses its roles", connection.id(), e);
            now = Set.of();
        }
        keep(now);
    }

    /** Nobody, from now on. */
    public synchronized void disarm() {
        subject.getPrincipals().clear();
    }

    private synchronized void keep(Set<String> roles) {
        for (RolePrincipal role : subject.getPrincipals(RolePrincipal.class)) {
            if (!roles.contains(role.getName())) {
                subject.getPrincipals().remove(role);
            }
        }
    }

    /** Runs something as this user. */
    public void run(Runnable task) {
        doAs((PrivilegedAction<Void>) () -> {
            task.run();
            return null;
        });
    }

    /** Does something as this user. */
    public <T> T call(Callable<T> task) throws Exception {
        try {
            return doAs((PrivilegedExceptionAction<T>) task::call);
        } catch (PrivilegedActionException e) {
            throw e.getException();
        }
    }

    @SuppressWarnings("removal") // Karaf 4.4 asks the same way.
    private <T> T doAs(PrivilegedAction<T> action) {
        return Subject.doAs(subject, action);
    }

    @SuppressWarnings("removal")
    private <T> T doAs(PrivilegedExceptionAction<T> action) throws PrivilegedActionException {
        return Subject.doAs(subject, action);
    }
}
