/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Session;

/** Which commands of a session have secrets among their words, and what else runs them. For one line, and one thread. */
final class SecretCommands {

    private final Session session;
    private final Map<String, Optional<Class<?>>> known = new HashMap<>();
    private final Map<String, Command> commands = new HashMap<>();
    private final Map<String, List<Command>> ofName = new HashMap<>();

    SecretCommands(Session session) {
        this.session = session;
        for (Command command : session.getRegistry().getCommands()) {
            // As Karaf does: whatever a name is typed like, it is found in small letters.
            String name = command.getName().toLowerCase(Locale.ROOT);
            commands.putIfAbsent(command.getScope().toLowerCase(Locale.ROOT) + ":" + name, command);
            ofName.computeIfAbsent(name, none -> new ArrayList<>()).add(command);
        }
    }

    /** What a command declares; empty if it has no secrets, or there is none of that name. */
    Optional<DeclaredWords> named(String word) {
        // a complex assignment runs a command: "x=command"
        String name = word.substring(word.lastIndexOf('=') + 1).toLowerCase(Locale.ROOT);
        return known.computeIfAbsent(name, this::actionWithSecrets).map(DeclaredWords::new);
    }

    /** Whether a word stands for a text or function of the session's that runs such a command. */
    boolean runsOne(String word) {
        return runsOne(word.startsWith("$") ? word.substring(1) : word, new HashSet<>());
    }

    private boolean runsOne(String name, Set<String> seen) {
        if (!seen.add(name) || !(session.get(".variables") instanceof Set<?> variables)) {
            return false;
        }
        if (variables.contains("#" + name)) {
            // what it is, is computed by whoever looks
            return true;
        }
        if (!variables.contains(name)) {
            return false;
        }
        Object value = session.get(name);
        return (value instanceof CharSequence || value instanceof Function)
                && CensoredWords.words(value.toString())
                        .anyMatch(word -> named(word).isPresent() || runsOne(word, seen));
    }

    /** Of a name without its scope, or with any: of all that it may stand for, the first that has secrets. */
    private Optional<Class<?>> actionWithSecrets(String name) {
        Command exact = commands.get(name);
        String last = name.startsWith("*:") ? name.substring(2) : name;
        List<Command> meant = exact == null ? ofName.getOrDefault(last, List.of()) : List.of(exact);
        return meant.stream()
                .flatMap(command -> actionOf(command).stream())
                .filter(action -> new DeclaredWords(action).hasSecrets())
                .findFirst();
    }

    /** The class behind a command, where Karaf's own kind of commands has it; that kind is not exported. */
    private static Optional<Class<?>> actionOf(Command command) {
        try {
            return Optional.of(
                    (Class<?>) command.getClass().getMethod("getActionClass").invoke(command));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }
}
