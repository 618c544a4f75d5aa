/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.common.linux.Ids;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;
import org.peercred.credentials.UserDatabase.Membership;

/** Ids and names of users and groups, each asked for once. For one thread; what is asked may wait for the name service. */
public final class Accounts {

    private final Services services;
    private final Map<Long, String> users = new HashMap<>();
    private final Map<Long, String> groups = new HashMap<>();

    /**
     * Asks nobody yet.
     *
     * @param services finds the user database; without it, there are only numbers
     */
    public Accounts(Services services) {
        this.services = services;
    }

    /**
     * The uid that an operator means.
     *
     * @param text digits are the id itself, anything else is a name
     * @return 0 to 4294967294
     * @throws Refusal if it is no id, or nobody has that name, or that cannot be told now
     */
    public long uid(String text) throws Refusal {
        return id(AccountKind.USER, text);
    }

    /**
     * As {@link #uid}, for groups.
     *
     * @param text an id or a name
     * @return 0 to 4294967294
     * @throws Refusal likewise
     */
    public long gid(String text) throws Refusal {
        return id(AccountKind.GROUP, text);
    }

    /**
     * A user's name.
     *
     * @param uid its id
     * @return empty if it has none or nobody can tell
     */
    public String userName(long uid) {
        return users.computeIfAbsent(uid, id -> name(AccountKind.USER, id));
    }

    /**
     * A user as it is shown.
     *
     * @param uid its id
     * @return for instance {@code 1001 (guest)}
     */
    public String user(long uid) {
        return labelled(uid, userName(uid));
    }

    /**
     * A group as it is shown.
     *
     * @param gid its id
     * @return for instance {@code 10 (wheel)}
     */
    public String group(long gid) {
        return labelled(gid, groups.computeIfAbsent(gid, id -> name(AccountKind.GROUP, id)));
    }

    private static String labelled(long id, String name) {
        return name.isEmpty() ? Long.toString(id) : id + " (" + name + ")";
    }

    private long id(AccountKind kind, String text) throws Refusal {
        String label = kind.label();
        OptionalLong number = Ids.parse(text);
        if (number.isPresent()) {
            return number.getAsLong();
        }
        if (Ids.isNumber(text)) {
            throw new Refusal("A " + label + " id is a number from 0 to " + Ids.MAX + ", not " + text + ".");
        }
        try {
            return kind.id(services.need(UserDatabase.class), text)
                    .orElseThrow(() -> new Refusal("There is no " + label + " named \"" + text + "\"."));
        } catch (NameServiceException e) {
            throw new Refusal("The " + label + " \"" + text + "\" cannot be looked up: " + e.getMessage());
        }
    }

    /**
     * The groups that a user has after logging in.
     *
     * @param uid the user
     * @return its groups; observed
     */
    public Fact<Membership> membership(long uid) {
        Optional<UserDatabase> database = services.find(UserDatabase.class);
        if (database.isEmpty()) {
            return unknown("the user database is missing");
        }
        try {
            return database.get()
                    .membership(uid)
                    .map(Fact::observed)
                    .orElseGet(() -> unknown("the user database does not know user " + uid));
        } catch (NameServiceException e) {
            return unknown(e.getMessage());
        }
    }

    private static Fact<Membership> unknown(String why) {
        return Fact.absent(Grade.OBSERVED, why);
    }

    private String name(AccountKind kind, long id) {
        Optional<UserDatabase> database = services.find(UserDatabase.class);
        try {
            return database.isEmpty() ? "" : kind.name(database.get(), id).orElse("");
        } catch (NameServiceException e) {
            // A name is for convenience only: what is shown is right without it.
            return "";
        }
    }
}
