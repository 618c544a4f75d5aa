/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Optional;

/** The words of one command so far, which go on after the brackets among them; or those of a list. */
final class CommandWords {

    private final SecretCommands commands;
    private final boolean hidden;
    private final boolean list;
    private Optional<DeclaredWords> command = Optional.empty();
    private boolean runsSecrets;
    private boolean namesSecrets;
    private boolean evaluates;
    private boolean callsMethod;
    private boolean secret;
    private int words;
    private String before = "";
    private int wordEnd = -1;

    /**
     * Begins a command or a list.
     *
     * @param commands those that there are
     * @param hidden whether all of it stands for a secret
     * @param list whether it is a list, of which no word is run
     */
    CommandWords(SecretCommands commands, boolean hidden, boolean list) {
        this.commands = commands;
        this.hidden = hidden;
        this.list = list;
    }

    /** Begins the next command within the same brackets. */
    CommandWords next() {
        CommandWords next = new CommandWords(commands, hidden, list);
        next.namesSecrets = namesSecrets;
        return next;
    }

    boolean isList() {
        return list;
    }

    /** Whether what begins here goes on with the word before. */
    boolean isWithinWord(int start) {
        return start == wordEnd;
    }

    void wordEndsAt(int end) {
        wordEnd = end;
    }

    /** From which character of a word on it is to be hidden; -1 if it is not. */
    int word(String word, int start) {
        if (isWithinWord(start)) {
            return isSecret() ? 0 : -1;
        }
        words++;
        noteAssignment(word);
        if (words == 1 && !list) {
            find(word);
            runs(word, true);
            evaluates = command.isEmpty() && commands.evaluates(word);
            callsMethod = word.startsWith("$");
            return hidden || commands.expandsToOne(word) ? 0 : -1;
        }
        if (callsMethod) {
            commands.mayAssign(word);
        }
        int from = secretFrom(word);
        return hidden ? 0 : from;
    }

    /**
     * A sign of equality by itself. Behind the first word it sets a variable, to what the words that follow are or do: the first of them
     * may be a command's name.
     */
    int equalsSign(int start) {
        if (words != 1 || list || command.isPresent() || isWithinWord(start)) {
            return word("=", start);
        }
        noteAssignment("=");
        words = 0;
        runsSecrets = false;
        evaluates = false;
        callsMethod = false;
        return hidden ? 0 : -1;
    }

    private void noteAssignment(String word) {
        int equals = word.indexOf('=');
        if (equals >= 0) {
            commands.assigns(equals == 0 ? before : word.substring(0, equals));
        }
        before = word;
    }

    /** A bracket is a word by itself, or goes on with the one that it touches. What is in it is hidden if that word is. */
    CommandWords open(String bracket, int start) {
        boolean isList = bracket.equals("[");
        if (!isWithinWord(start)) {
            words++;
            if (words > 1) {
                secretFrom("");
            } else {
                callsMethod = !isList;
            }
        }
        if (callsMethod && words > 1 && bracket.equals("(")) {
            commands.mayAssignAny();
        }
        return new CommandWords(commands, isSecret() || (isList && command.isPresent()), isList);
    }

    /**
     * After the brackets among its words: those in place of the command's name may say which it is. So may they where that is told by
     * the arguments.
     */
    void closed(CommandWords inner) {
        namesSecrets |= inner.namesSecrets;
        runsSecrets |= words == 1 ? inner.namesSecrets : evaluates;
    }

    /** Whether the word that was read last is hidden. */
    boolean isSecret() {
        return hidden || secret;
    }

    private int secretFrom(String word) {
        int from;
        if (runsSecrets) {
            from = 0;
        } else if (command.isPresent()) {
            from = command.get().secretFrom(word);
        } else {
            // It may be run nevertheless: behind "x =", or by a command that runs its arguments.
            find(word);
            runs(word, false);
            runsSecrets |= evaluates && isUnknown(word);
            boolean hides = word.chars().anyMatch(Character::isWhitespace) && isMasked(word);
            from = hides || commands.expandsToOne(word) ? 0 : -1;
        }
        secret = from >= 0;
        return from;
    }

    private void find(String word) {
        command = commands.named(word);
        namesSecrets |= command.isPresent();
    }

    private void runs(String word, boolean isCommand) {
        runsSecrets = command.isEmpty() && commands.runsOne(word, isCommand);
        namesSecrets |= runsSecrets;
        // What cannot be told may be such a command, but says of no other word that it is one.
        runsSecrets |= isCommand && command.isEmpty() && Expansions.isUncertain(SecretCommands.valueIn(word));
    }

    private static boolean isUnknown(String word) {
        return Expansions.isUncertain(word) || Expansions.isPattern(word);
    }

    private boolean isMasked(String text) {
        return !new CensoredWords(commands, text).mask().equals(text);
    }
}
