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
import java.util.stream.Stream;
import org.apache.felix.service.command.Function;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Session;

/** Which commands of a session have secrets among their words, and what else runs them. For one line, and one thread. */
final class SecretCommands {

    /** Karaf's, by its names. */
    private static final Set<String> EVAL = Set.of("eval", "shell:eval", "*:eval");

    private final Session session;
    private final Map<String, Optional<Class<?>>> known = new HashMap<>();
    private final Map<String, Command> commands = new HashMap<>();
    private final Map<String, List<Command>> ofName = new HashMap<>();
    /** The variables that the line sets, as far as it names them. */
    private final Set<String> assigned = new HashSet<>();

    private boolean assignsAny;
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

    /** The line hands a word to a method, which may be one that sets the variable of that name. */
    void mayAssign(String word) {
        assignsAny |= Expansions.isUncertain(word);
        assigned.add(word);
        if (word.startsWith("$") && valueOf(Expansions.variableIn(word)) instanceof CharSequence name) {
            assigned.add(name.toString());
        }
    }

    /** The line hands a method what cannot be told. */
    void mayAssignAny() {
        assignsAny = true;
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
        String name = Expansions.variableIn(value);
        boolean refers = value.startsWith("$") && !name.isEmpty();
        Set<String> seen = new HashSet<>();
        boolean runs = (isCommand && isComputed(name))
                || (lineNamesOne && refers)
                || expandsToOne(word, seen)
                || leadsToOne(name, seen);
        lineNamesOne |= runs;
        return runs;
    }

    /**
     * Whether such a command is named within an expansion of a word: by itself or a part of it, as by what stands for a variable that is
     * not set.
     */
    boolean expandsToOne(String word) {
        return expandsToOne(word, new HashSet<>());
    }

    private boolean expandsToOne(String word, Set<String> seen) {
        return Expansions.texts(word).anyMatch(text -> mentionsOne(text, seen));
    }

    private boolean mentionsOne(String text, Set<String> seen) {
        String small = text.toLowerCase(Locale.ROOT);
        return ofName.keySet().stream()
                        .anyMatch(name ->
                                small.contains(name) && actionWithSecrets(name).isPresent())
                || Expansions.names(text).anyMatch(name -> leadsToOne(name, seen));
    }

    /** Whether a command runs what its arguments say when they are put together, or leads to one that does. */
    boolean evaluates(String word) {
        return leadsToEval(valueIn(word), new HashSet<>());
    }

    private boolean leadsToEval(String word, Set<String> seen) {
        String name = Expansions.variableIn(word);
        if (EVAL.contains(name.toLowerCase(Locale.ROOT))) {
            return true;
        }
        return seen.add(name) && wordsOf(name).anyMatch(inner -> leadsToEval(valueIn(inner), seen));
    }

    private boolean leadsToOne(String name, Set<String> seen) {
        if (!seen.add(name)) {
            return false;
        }
        if (lineNamesOne && (assignsAny || assigned.contains(name))) {
            return true;
        }
        return wordsOf(name)
                .anyMatch(word -> named(word).isPresent()
                        || isComputed(word)
                        || expandsToOne(word, seen)
                        || leadsToOne(Expansions.variableIn(valueIn(word)), seen));
    }

    /** The words of the text or function that a variable of the session's is; none if there is none. */
    private Stream<String> wordsOf(String name) {
        Object value = valueOf(name);
        return value instanceof CharSequence || value instanceof Function
                ? CensoredWords.words(value.toString())
                : Stream.empty();
    }

    /** What a variable of the session's is; {@code null} if there is none, or it is computed. */
    private Object valueOf(String name) {
        return variables().contains(name) && !isComputed(name) ? session.get(name) : null;
    }

    /** Whether a variable is what whoever looks computes. */
    private boolean isComputed(String name) {
        return variables().contains("#" + name);
    }

    private Set<?> variables() {
        return session.get(".variables") instanceof Set<?> variables ? variables : Set.of();
    }

    /** What is assigned in a word, or the word itself. */
    static String valueIn(String word) {
        return word.substring(word.lastIndexOf('=') + 1);
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
