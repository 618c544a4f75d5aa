/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.config.Spelling;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.config.Scopes;
import org.peercred.policy.internal.roles.RoleCheck;

/** Reads {@code COMMAND = role,role}. Every key but {@code name}, {@code listeners} and notes ({@code x-...}) is a command. */
final class CommandRulesReader implements Rules.Reader {

    private static final Set<String> RESERVED = Set.of(PolicyKind.NAMED.name(), Scopes.LISTENERS.name());
    private static final Pattern COMMAND = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final RoleCheck roles;

    CommandRulesReader(RoleCheck roles) {
        this.roles = roles;
    }

    @Override
    public PolicyScope scope(Config config) throws ConfigException {
        Set<String> actions = new HashSet<>();
        for (String command : commands(config)) {
            // Where a key is no command, the configuration is refused, and covers whatever it may have been meant to.
            actions.add(AccessRequest.command(isCommand(command) ? command : CommandRules.ALL));
        }
        return new PolicyScope(Scopes.listeners(config), actions);
    }

    @Override
    public Rules.Loading read(Config config) throws ConfigException {
        Map<String, CommandRules.Grant> grants = new HashMap<>();
        Problems problems = new Problems();
        for (String command : commands(config)) {
            problems.check(() -> grants.put(command, grant(config, command)));
        }
        problems.end();
        List<String> notes = grants.isEmpty()
                ? List.of(config.source().file() + ": it names no command, and allows none.")
                : List.of();
        Rules.Loaded loaded = new Rules.Loaded(new CommandRules(Map.copyOf(grants), roles), notes);
        return () -> loaded;
    }

    private static CommandRules.Grant grant(Config config, String command) throws ConfigException {
        List<String> allowed = config.list(command, List.of());
        if (!isCommand(command)) {
            throw config.invalid(
                    command,
                    String.join(", ", allowed),
                    "a command is called by at most 64 lower-case letters, digits and -, a letter first; * is all");
        }
        for (String role : allowed) {
            if (!RoleCheck.NAME.matcher(role).matches()) {
                throw config.invalid(
                        command,
                        role,
                        "names of roles are expected; a role for everyone is made in org.peercred.roles");
            }
        }
        return CommandRules.Grant.to(allowed);
    }

    @Override
    public List<String> unknownKeys(Config config, Set<String> known) {
        return config.slips(RESERVED);
    }

    private static boolean isCommand(String key) {
        return key.equals(CommandRules.ALL) || COMMAND.matcher(key).matches();
    }

    private static List<String> commands(Config config) {
        return config.contents().keySet().stream()
                .filter(key -> !RESERVED.contains(key) && !Spelling.isNote(key))
                .toList();
    }
}
