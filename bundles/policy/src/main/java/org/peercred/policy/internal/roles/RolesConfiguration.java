/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.Map;
import org.peercred.common.reload.Chores;
import org.peercred.common.reload.Reading;
import org.peercred.common.reload.Reload;

/**
 * One configuration of roles, changed in place. One that cannot be used leaves the last good one in force; if there is none,
 * it gives no role to anybody, unless all that is amiss is that a name service does not answer. Never throws at a bad
 * configuration. Safe to be used by any thread; nobody but the book is called with a lock held.
 */
public final class RolesConfiguration {

    /** The PID. */
    public static final String PID = "org.peercred.roles";

    private final RoleEntries entries;
    private final Reload<Reading<RoleList>, RoleList.Resolved, RoleList.Resolved> reload;
    private final Chores.Chore removal;

    /**
     * Creates it.
     *
     * @param book where the roles are kept
     * @param resolver asks for the ids of names
     * @param chores threads to ask on
     * @param changed told after somebody may have got or lost a role
     */
    RolesConfiguration(RoleBook book, RoleEntries.Resolver resolver, Chores chores, Runnable changed) {
        entries = new RoleEntries(book, resolver, changed);
        reload = new Reload<>(entries, chores);
        removal = chores.chore(this::remove);
    }

    /** Takes a configuration, the first or a change. The same one again changes nothing. Never throws. */
    public void update(Map<String, ?> properties) {
        reload.deliver(properties);
    }

    /** Takes all its roles away. Should that fail, it is done later: a grant must not outlive its file. Never throws. */
    public void close() {
        boolean first = reload.close();
        try {
            remove();
            if (first) {
                entries.sayFarewell();
            }
        } catch (Throwable e) {
            removal.in(Chores.PAUSE);
            Chores.tell(e);
        }
    }

    private void remove() {
        entries.remove();
        entries.announce();
    }
}
