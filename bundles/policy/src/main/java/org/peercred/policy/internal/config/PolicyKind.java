/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.common.config.Key;
import org.peercred.common.config.Keys;

/**
 * A kind of policy as operators know it.
 *
 * @param name the first part of its policies' ids, for instance {@code uid}
 * @param many whether there can be several, each with a name
 * @param denial whether its policies deny anybody
 * @param actions what all its policies cover; empty if their configurations say it
 * @param keys the keys of its configurations; those that several kinds have need not be given
 */
public record PolicyKind(String name, boolean many, Denial denial, Optional<String> actions, Set<Key<?>> keys) {

    /** Whether policies deny. */
    public enum Denial {
        /** They allow or abstain. */
        NEVER,
        /** If their configuration says so. */
        OTHERWISE,
        /** That is what they are for. */
        ALWAYS
    }

    /** Whom a policy allows; what is taken out of this list counts no longer, even where the rest is not known yet. */
    public static final Key<List<String>> ALLOW = Keys.list("allow");

    /** Whether those count too whom the listed processes started. */
    public static final Key<Boolean> DESCENDANTS = Keys.flag("descendants", false);

    /** The programs that are not denied. */
    public static final Key<List<String>> ONLY = Keys.list("only");

    /** Who may request what of the web applications. */
    public static final Key<String> RULES = Keys.text("rules", "");

    /** What the PID of every policy's configurations begins with. */
    public static final String PID_PREFIX = "org.peercred.policy.";

    /** Stands for the PIDs of all of them. */
    public static final String ALL_PIDS = PID_PREFIX + "*";

    /** What an instance is called, where the file's name does not say it. */
    public static final Key<String> NAMED = Keys.text("name", "");

    public static final PolicyKind OWNER = new PolicyKind("owner", false, Denial.NEVER, Set.of());
    public static final PolicyKind SUPERUSER = new PolicyKind("superuser", false, Denial.ALWAYS, Set.of());
    public static final PolicyKind UID = new PolicyKind("uid", true, Denial.OTHERWISE, Set.of(ALLOW, Otherwise.KEY));
    public static final PolicyKind GROUP =
            new PolicyKind("group", true, Denial.OTHERWISE, Set.of(ALLOW, Otherwise.KEY));
    public static final PolicyKind PID =
            new PolicyKind("pid", true, Denial.OTHERWISE, Set.of(ALLOW, DESCENDANTS, Otherwise.KEY));
    public static final PolicyKind EXECUTABLE = new PolicyKind("executable", true, Denial.ALWAYS, Set.of(ONLY));
    public static final PolicyKind CGROUP =
            new PolicyKind("cgroup", true, Denial.OTHERWISE, Set.of(ALLOW, Otherwise.KEY));
    public static final PolicyKind COMMAND = new PolicyKind("command", true, Denial.NEVER, Set.of());
    public static final PolicyKind HTTP =
            new PolicyKind("http", true, Denial.ALWAYS, Optional.of(AccessRequest.EVERY_HTTP), Set.of(RULES));

    private static final List<PolicyKind> ALL =
            List.of(OWNER, SUPERUSER, UID, GROUP, PID, EXECUTABLE, CGROUP, COMMAND, HTTP);
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@+-]{1,100}");
    private static final Pattern NOT_IN_NAMES = Pattern.compile("[^\\p{L}\\p{N}._@+-]");

    public PolicyKind {
        Set<Key<?>> all = new HashSet<>(keys);
        all.add(Scopes.LISTENERS);
        if (actions.isEmpty()) {
            all.add(Scopes.ACTIONS);
        }
        if (many) {
            all.add(NAMED);
        }
        keys = Set.copyOf(all);
    }

    private PolicyKind(String name, boolean many, Denial denial, Set<Key<?>> keys) {
        this(name, many, denial, Optional.empty(), keys);
    }

    /**
     * Which requests a policy of this kind covers.
     *
     * @throws ConfigException if its configuration does not tell
     */
    public PolicyScope scope(Config config) throws ConfigException {
        return actions.isEmpty()
                ? Scopes.read(config)
                : new PolicyScope(Scopes.listeners(config), Set.of(actions.get()));
    }

    /** The names of its keys. */
    public Set<String> keyNames() {
        return keys.stream().map(Key::name).collect(Collectors.toUnmodifiableSet());
    }

    /** The kind whose configurations have this PID, or this factory PID; empty if it is none of ours. */
    public static Optional<PolicyKind> of(String pid) {
        return ALL.stream().filter(kind -> kind.pid().equals(pid)).findAny();
    }

    /** The kind of the policy that was made of a configuration with this PID; empty if it is none of ours. */
    public static Optional<PolicyKind> ofInstance(String pid) {
        return ALL.stream()
                .filter(kind -> pid.startsWith(kind.pid())
                        && (pid.length() == kind.pid().length()
                                || "~.|".indexOf(pid.charAt(kind.pid().length())) >= 0))
                .findAny();
    }

    /** The PID of its configurations. */
    public String pid() {
        return PID_PREFIX + name;
    }

    /** The id of a policy; printable, whatever the name. */
    public String id(ConfigSource source) {
        return many && !source.name().isEmpty()
                ? name + "~" + NOT_IN_NAMES.matcher(source.name()).replaceAll("_")
                : name;
    }

    /** Refuses a name that could not be told apart in a list or a log. */
    public void checkName(Config config) throws ConfigException {
        String given = config.source().name();
        if (many && !given.isEmpty() && !NAME.matcher(given).matches()) {
            throw config.invalid(NAMED, given, "at most 100 letters, digits and . _ @ + - are expected");
        }
    }
}
