/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Spelling;
import org.peercred.common.linux.Ids;
import org.peercred.common.names.Account;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Names;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Scopes;

/** The text of a configuration of roles: for each role, who has it. Immutable. */
public final class RoleList {

    private static final Set<String> RESERVED = Set.of(PolicyKind.NAMED.name(), Scopes.LISTENERS.name());
    private static final String OWNER = "owner";
    private static final String EVERYONE = "*";

    private sealed interface Entry {

        /** How it is written. */
        String text();

        /** A user or a group, by number. */
        record Id(AccountKind kind, long id) implements Entry {
            @Override
            public String text() {
                return kind.idLabel() + ":" + id;
            }
        }

        /** A user or a group, by name. */
        record Name(AccountKind kind, String name) implements Entry {
            @Override
            public String text() {
                return kind.label() + ":" + name;
            }
        }

        /** Whoever runs the daemon. */
        record Owner() implements Entry {
            @Override
            public String text() {
                return OWNER;
            }
        }

        /** Every user. */
        record Everyone() implements Entry {
            @Override
            public String text() {
                return EVERYONE;
            }
        }
    }

    /**
     * The result.
     *
     * @param grants who has which role, and where
     * @param names the ids that the names in it stand for or stood for last
     * @param problem what is the matter with names that are not known; empty if all are
     * @param firm whether the name services said of one that there is no such name
     * @param notes whole sentences for the operator
     */
    record Resolved(
            RoleGrants grants, Map<String, Long> names, Optional<String> problem, boolean firm, List<String> notes) {}

    /**
     * Whom to ask.
     *
     * @param users the name services; empty to ask nobody
     * @param credentials knows the daemon and the overflow ids
     * @param before what names stood for, for those that are not known now
     */
    record Sources(Optional<UserDatabase> users, PeerCredentialProvider credentials, Map<String, Long> before) {}

    private final Config config;
    private final Set<String> listeners;
    private final Map<String, List<Entry>> roles;

    private RoleList(Config config, Set<String> listeners, Map<String, List<Entry>> roles) {
        this.config = config;
        this.listeners = listeners;
        this.roles = roles;
    }

    /** Reads the text without asking anybody. */
    static RoleList read(Config config) throws ConfigException {
        Map<String, List<Entry>> roles = new LinkedHashMap<>();
        Problems problems = new Problems();
        problems.addAll(config.slips(RESERVED));
        Set<String> listeners = problems.collect(() -> Scopes.listeners(config), Set.of());
        for (String key : config.contents().keySet()) {
            if (!RESERVED.contains(key) && !Spelling.isNote(key) && !Spelling.hidesSomething(key)) {
                problems.check(() -> roles.put(key, entries(config, key, problems)));
            }
        }
        problems.end();
        return new RoleList(config, listeners, roles);
    }

    private static List<Entry> entries(Config config, String role, Problems problems) throws ConfigException {
        List<String> texts = config.list(role, List.of());
        if (!RoleCheck.NAME.matcher(role).matches()) {
            throw config.invalid(
                    role,
                    String.join(", ", texts),
                    "a role is called by at most 64 letters, digits and . _ -, a letter, digit or _ first");
        }
        List<Entry> entries = new ArrayList<>();
        for (String text : texts) {
            problems.check(() -> entries.add(entry(config, role, text)));
        }
        return entries;
    }

    /** Asks these. */
    static RoleEntries.Resolver resolver(UserDatabase users, PeerCredentialProvider credentials) {
        return (list, before, ask) ->
                list.resolve(new Sources(ask ? Optional.of(users) : Optional.empty(), credentials, before));
    }

    boolean hasNames() {
        return roles.values().stream().flatMap(List::stream).anyMatch(Entry.Name.class::isInstance);
    }

    /** Asks for the ids of the names; blocks as long as the name services do. */
    Resolved resolve(Sources sources) {
        Names asked = new Names(config);
        Map<String, Long> names = new HashMap<>(sources.before());
        Map<String, RoleMembers> resolved = new HashMap<>();
        List<String> notes = new ArrayList<>();
        PeerCredentialProvider credentials = sources.credentials();
        for (Map.Entry<String, List<Entry>> role : roles.entrySet()) {
            List<IdRanges.Range> uids = new ArrayList<>();
            List<IdRanges.Range> gids = new ArrayList<>();
            boolean everyone = false;
            for (Entry entry : role.getValue()) {
                if (entry instanceof Entry.Everyone) {
                    everyone = true;
                } else if (entry instanceof Entry.Owner) {
                    add(uids, credentials.daemonUid(), credentials.overflowUid(), role.getKey(), OWNER, notes);
                } else if (entry instanceof Entry.Id id) {
                    long overflow = id.kind().overflow(credentials);
                    add(
                            id.kind() == AccountKind.GROUP ? gids : uids,
                            id.id(),
                            overflow,
                            role.getKey(),
                            id.text(),
                            notes);
                } else if (entry instanceof Entry.Name named) {
                    sources.users().ifPresent(users -> lookUp(role.getKey(), named, users, asked)
                            .ifPresent(id -> names.put(named.text(), id)));
                    Long id = names.get(named.text());
                    long overflow = named.kind().overflow(credentials);
                    if (id != null) {
                        add(
                                named.kind() == AccountKind.GROUP ? gids : uids,
                                id,
                                overflow,
                                role.getKey(),
                                named.text(),
                                notes);
                    }
                }
            }
            resolved.put(
                    role.getKey(),
                    new RoleMembers(
                            listeners,
                            IdRanges.of(uids, credentials.overflowUid()),
                            IdRanges.of(gids, credentials.overflowGid()),
                            everyone,
                            credentials.overflowUid(),
                            Optional.empty()));
        }
        return new Resolved(grants(resolved), Map.copyOf(names), asked.problem(), asked.firm(), List.copyOf(notes));
    }

    private RoleGrants grants(Map<String, RoleMembers> members) {
        Map<String, List<String>> texts = new HashMap<>();
        roles.forEach((role, entries) ->
                texts.put(role, entries.stream().map(Entry::text).toList()));
        return new RoleGrants(listeners, Map.copyOf(members), Map.copyOf(texts));
    }

    private static Entry entry(Config config, String role, String text) throws ConfigException {
        if (text.equals(EVERYONE)) {
            return new Entry.Everyone();
        }
        if (text.equals(OWNER)) {
            return new Entry.Owner();
        }
        int colon = text.indexOf(':');
        String type = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1).strip();
        for (AccountKind kind : AccountKind.values()) {
            if (type.equals(kind.idLabel())) {
                long id = Ids.parse(rest)
                        .orElseThrow(
                                () -> config.invalid(role, text, "a number from 0 to " + Ids.MAX + " is expected"));
                return new Entry.Id(kind, id);
            }
            if (type.equals(kind.label())) {
                if (!Account.canBeName(rest)) {
                    throw config.invalid(role, text, "that cannot be the name of a " + type);
                }
                return new Entry.Name(kind, rest);
            }
        }
        throw config.invalid(role, text, "user:NAME, uid:NUMBER, group:NAME, gid:NUMBER, owner or * is expected");
    }

    private void add(List<IdRanges.Range> ids, long id, long overflow, String role, String text, List<String> notes) {
        ids.add(new IdRanges.Range(id, id));
        if (id == overflow) {
            notes.add(config.source().file() + ": " + role + " = " + text + ": the id " + id
                    + " stands for everyone the kernel cannot name here, and is given no role.");
        }
    }

    private static OptionalLong lookUp(String role, Entry.Name named, UserDatabase users, Names asked) {
        AccountKind kind = named.kind();
        return asked.ask(role, named.text(), named.name(), kind.label(), name -> kind.id(users, name));
    }
}
