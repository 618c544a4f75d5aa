/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/** The text of a configuration of roles: for each role, who has it. Immutable. */
final class RoleList {

    /** What a role may be called. */
    static final Pattern ROLE = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}._-]{0,63}");

    private static final String NAME_KEY = "name";
    private static final Pattern ID = Pattern.compile("\\d{1,12}");
    private static final Pattern NO_NAME = Pattern.compile("^$|^-|[\\p{Cntrl}\\s:]");

    private sealed interface Entry {
        /** A user or a group, by number. */
        record Id(boolean group, long id) implements Entry {}

        /** A user or a group, by name. */
        record Named(boolean group, String name) implements Entry {}

        /** Whoever runs the daemon. */
        record Owner() implements Entry {}

        /** Every user. */
        record Everyone() implements Entry {}
    }

    /**
     * The result.
     *
     * @param roles who has which role
     * @param notes whole sentences for the operator
     */
    record Resolved(Map<String, RoleMembers> roles, List<String> notes) {}

    private final Config config;
    private final Map<String, List<Entry>> roles;

    private RoleList(Config config, Map<String, List<Entry>> roles) {
        this.config = config;
        this.roles = roles;
    }

    /** Reads the text without asking anybody. */
    static RoleList read(Config config) throws ConfigException {
        Map<String, List<Entry>> roles = new LinkedHashMap<>();
        for (String role : config.contents().keySet()) {
            if (role.equals(NAME_KEY)) {
                continue;
            }
            List<String> texts = config.list(role, List.of());
            if (!ROLE.matcher(role).matches()) {
                throw config.invalid(
                        role,
                        String.join(", ", texts),
                        "a role is called by at most 64 letters, digits and . _ -, a letter, digit or _ first");
            }
            List<Entry> entries = new ArrayList<>();
            for (String text : texts) {
                entries.add(entry(config, role, text));
            }
            roles.put(role, entries);
        }
        return new RoleList(config, roles);
    }

    boolean hasNames() {
        return roles.values().stream().flatMap(List::stream).anyMatch(Entry.Named.class::isInstance);
    }

    /** Asks for the ids of the names; blocks as long as the name services do. */
    Resolved resolve(UserDatabase users, PeerCredentialProvider credentials)
            throws ConfigException, UnavailableException {
        Map<String, RoleMembers> resolved = new HashMap<>();
        List<String> notes = new ArrayList<>();
        for (Map.Entry<String, List<Entry>> role : roles.entrySet()) {
            List<IdRanges.Range> uids = new ArrayList<>();
            List<IdRanges.Range> gids = new ArrayList<>();
            boolean everyone = false;
            for (Entry entry : role.getValue()) {
                if (entry instanceof Entry.Everyone) {
                    everyone = true;
                } else if (entry instanceof Entry.Owner) {
                    add(uids, credentials.daemonUid(), credentials.overflowUid(), role.getKey(), "owner", notes);
                } else if (entry instanceof Entry.Id id) {
                    String text = (id.group() ? "gid:" : "uid:") + id.id();
                    long overflow = id.group() ? credentials.overflowGid() : credentials.overflowUid();
                    add(id.group() ? gids : uids, id.id(), overflow, role.getKey(), text, notes);
                } else if (entry instanceof Entry.Named named) {
                    String text = (named.group() ? "group:" : "user:") + named.name();
                    long overflow = named.group() ? credentials.overflowGid() : credentials.overflowUid();
                    long id = lookUp(role.getKey(), named, text, users);
                    add(named.group() ? gids : uids, id, overflow, role.getKey(), text, notes);
                }
            }
            resolved.put(
                    role.getKey(),
                    new RoleMembers(
                            IdRanges.of(uids, credentials.overflowUid()),
                            IdRanges.of(gids, credentials.overflowGid()),
                            everyone,
                            credentials.overflowUid()));
        }
        return new Resolved(Map.copyOf(resolved), List.copyOf(notes));
    }

    private static Entry entry(Config config, String role, String text) throws ConfigException {
        if (text.equals("*")) {
            return new Entry.Everyone();
        }
        if (text.equals("owner")) {
            return new Entry.Owner();
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1).strip();
        switch (kind) {
            case "uid", "gid" -> {
                if (!ID.matcher(rest).matches() || Long.parseLong(rest) > IdRanges.MAX) {
                    throw config.invalid(role, text, "a number from 0 to " + IdRanges.MAX + " is expected");
                }
                return new Entry.Id(kind.equals("gid"), Long.parseLong(rest));
            }
            case "user", "group" -> {
                if (NO_NAME.matcher(rest).find()) {
                    throw config.invalid(role, text, "that cannot be the name of a " + kind);
                }
                return new Entry.Named(kind.equals("group"), rest);
            }
            default ->
                throw config.invalid(
                        role, text, "user:NAME, uid:NUMBER, group:NAME, gid:NUMBER, owner or * is expected");
        }
    }

    private void add(List<IdRanges.Range> ids, long id, long overflow, String role, String text, List<String> notes) {
        ids.add(new IdRanges.Range(id, id));
        if (id == overflow) {
            notes.add(config.source().file() + ": " + role + " = " + text + ": the id " + id
                    + " stands for everyone the kernel cannot name here, and is given no role.");
        }
    }

    private long lookUp(String role, Entry.Named named, String text, UserDatabase users)
            throws ConfigException, UnavailableException {
        try {
            OptionalLong id = named.group() ? users.gid(named.name()) : users.uid(named.name());
            if (id.isEmpty() || id.getAsLong() < 0 || id.getAsLong() > IdRanges.MAX) {
                throw config.invalid(role, text, "there is no " + (named.group() ? "group" : "user") + " of that name");
            }
            return id.getAsLong();
        } catch (NameServiceException e) {
            throw new UnavailableException(
                    config.invalid(role, text, "the name service does not answer and is asked again until it does")
                            .getMessage());
        }
    }
}
