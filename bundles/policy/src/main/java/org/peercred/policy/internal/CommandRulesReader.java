/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

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

/** Reads {@code COMMAND = role,role}. Every key but {@code name} and {@code listeners} is a command. */
final class CommandRulesReader implements Rules.Reader {

    private static final Set<String> RESERVED = Set.of("name", Scopes.LISTENERS);
    private static final Pattern COMMAND = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private final RoleBook roles;

    CommandRulesReader(RoleBook roles) {
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
        for (String command : commands(config)) {
            List<String> allowed = config.list(command, List.of());
            if (!isCommand(command)) {
                throw config.invalid(
                        command,
                        String.join(", ", allowed),
                        "a command is called by at most 64 lower-case letters, digits and -, a letter first; * is all");
            }
            for (String role : allowed) {
                if (!RoleList.ROLE.matcher(role).matches()) {
                    throw config.invalid(
                            command,
                            role,
                            "names of roles are expected; a role for everyone is made in org.peercred.roles");
                }
            }
            grants.put(command, CommandRules.Grant.to(allowed));
        }
        List<String> notes = grants.isEmpty()
                ? List.of(config.source().file() + ": it names no command, and allows none.")
                : List.of();
        Rules.Loaded loaded = new Rules.Loaded(new CommandRules(Map.copyOf(grants), roles), notes);
        return () -> loaded;
    }

    @Override
    public List<String> warnings(Config config, Set<String> known) {
        return List.of();
    }

    private static boolean isCommand(String key) {
        return key.equals(CommandRules.ALL) || COMMAND.matcher(key).matches();
    }

    private static List<String> commands(Config config) {
        return config.contents().keySet().stream()
                .filter(key -> !RESERVED.contains(key))
                .toList();
    }
}
