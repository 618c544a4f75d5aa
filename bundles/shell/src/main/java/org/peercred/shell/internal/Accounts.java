/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/** Ids and names of users and groups, each asked for once a command. */
final class Accounts {

    private static final long GREATEST_ID = 0xFFFFFFFFL;

    /** What the user database is asked. */
    private interface Question<A> {
        A ask(UserDatabase users) throws NameServiceException;
    }

    private final Services services;
    private final Map<Long, String> users = new HashMap<>();
    private final Map<Long, String> groups = new HashMap<>();

    /**
     * Asks nobody yet.
     *
     * @param services finds the user database; without it, there are only numbers
     */
    Accounts(Services services) {
        this.services = services;
    }

    /** The uid that an operator means: digits are the id itself, anything else is a name. */
    long uid(String text) throws Refusal {
        return id(text, "user", users -> users.uid(text));
    }

    /** As {@link #uid}, for groups. */
    long gid(String text) throws Refusal {
        return id(text, "group", users -> users.gid(text));
    }

    /** A user's name, empty if it has none or nobody can tell. */
    String userName(long uid) {
        return users.computeIfAbsent(uid, id -> name(database -> database.userName(id)));
    }

    /** For instance {@code 1001 (guest)}. */
    String user(long uid) {
        return labelled(uid, userName(uid));
    }

    /** For instance {@code 10 (wheel)}. */
    String group(long gid) {
        return labelled(gid, groups.computeIfAbsent(gid, id -> name(database -> database.groupName(id))));
    }

    private static String labelled(long id, String name) {
        return name.isEmpty() ? Long.toString(id) : id + " (" + name + ")";
    }

    private static long id(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private long id(String text, String kind, Question<OptionalLong> question) throws Refusal {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long id = id(text);
            if (id > GREATEST_ID) {
                throw new Refusal("A " + kind + " id is a number from 0 to " + GREATEST_ID + ", not " + text + ".");
            }
            return id;
        }
        try {
            return question.ask(services.need(UserDatabase.class))
                    .orElseThrow(() -> new Refusal("There is no " + kind + " named \"" + text + "\"."));
        } catch (NameServiceException e) {
            throw new Refusal("The " + kind + " \"" + text + "\" cannot be looked up: " + e.getMessage());
        }
    }

    private String name(Question<Optional<String>> question) {
        Optional<UserDatabase> database = services.find(UserDatabase.class);
        try {
            return database.isEmpty() ? "" : question.ask(database.get()).orElse("");
        } catch (NameServiceException e) {
            // A name is for convenience only: what is shown is right without it.
            return "";
        }
    }
}
