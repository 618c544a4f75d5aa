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
    /** The variables that the line sets, as far as it names them. */
    private final Set<String> assigned = new HashSet<>();

    private boolean lineNamesOne;

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
        String name = valueIn(word).toLowerCase(Locale.ROOT);
        Optional<Class<?>> action = known.computeIfAbsent(name, this::actionWithSecrets);
        lineNamesOne |= action.isPresent();
        return action.map(DeclaredWords::new);
    }

    /** The line sets a variable, in any of its commands. */
    void assigns(String name) {
        assigned.add(name);
    }

    /** Whether the words that were read so far name such a command, or something that runs one. */
    boolean lineNamesOne() {
        return lineNamesOne;
    }

    /**
     * Whether a word stands for a text or function of the session's that runs such a command. Once the line names one, whatever the line
     * itself sets may be one: what it was while a command ran cannot be told, neither before nor afterwards.
     *
     * @param word one that is run, or is handed to a command that may run it
     * @param isCommand whether it is in the place of a command's name
     */
    boolean runsOne(String word, boolean isCommand) {
        String value = valueIn(word);
        String name = nameIn(value);
        boolean refers = value.startsWith("$") && !name.isEmpty();
        boolean runs = (isCommand && isComputed(name)) || (lineNamesOne && refers) || leadsToOne(name, new HashSet<>());
        lineNamesOne |= runs;
        return runs;
    }

    private boolean leadsToOne(String name, Set<String> seen) {
        if (!seen.add(name)) {
            return false;
        }
        if (lineNamesOne && assigned.contains(name)) {
            return true;
        }
        if (!variables().contains(name)) {
            return false;
        }
        Object value = session.get(name);
        return (value instanceof CharSequence || value instanceof Function)
                && CensoredWords.words(value.toString())
                        .anyMatch(word ->
                                named(word).isPresent() || isComputed(word) || leadsToOne(nameIn(valueIn(word)), seen));
    }

    /** Whether a variable is what whoever looks computes. */
    private boolean isComputed(String name) {
        return variables().contains("#" + name);
    }

    private Set<?> variables() {
        return session.get(".variables") instanceof Set<?> variables ? variables : Set.of();
    }

    /** What is assigned in a word, or the word itself. */
    private static String valueIn(String word) {
        return word.substring(word.lastIndexOf('=') + 1);
    }

    /** The name of the variable that a word refers to, or the word itself. */
    private static String nameIn(String word) {
        return word.startsWith("$") ? word.replaceAll("^\\$\\{?|\\}$", "") : word;
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
