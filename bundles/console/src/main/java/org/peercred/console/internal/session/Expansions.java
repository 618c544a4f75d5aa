/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Gogo's expansions within words look like. Nothing is expanded: what cannot be seen from the text is not known. */
final class Expansions {

    /** Its braces, with others within them. */
    static final String PATTERN = "\\$" + braces(4);

    private static final Pattern EXPANSION = Pattern.compile(PATTERN, Pattern.DOTALL);

    /** A variable and nothing else. */
    private static final Pattern PLAIN = Pattern.compile("\\$(?:[\\w.]+|\\{[\\w.]+})");

    private static final Pattern NAME = Pattern.compile("[\\w.]+");

    /** What a function's body stands for whenever it is run. */
    private static final Set<String> PARAMETERS = Set.of("args", "argv", "it");

    private Expansions() {}

    private static String braces(int depth) {
        String inner = depth == 0 ? "" : braces(depth - 1) + "|";
        return "\\{(?:" + inner + "\\\\.|\"(?:\\\\.|[^\"\\\\])*+\"|'[^']*+'|[^{}\"'\\\\])*+}";
    }

    /** The name of the variable that a word refers to, or the word itself. */
    static String variableIn(String word) {
        return word.startsWith("$") ? word.replaceAll("^\\$\\{?|\\}$", "") : word;
    }

    /** Whether a word will be neither what it says nor the value of one of the session's variables. */
    static boolean isUncertain(String word) {
        if (PLAIN.matcher(word).matches()) {
            String name = variableIn(word);
            return PARAMETERS.contains(name) || name.chars().allMatch(Character::isDigit);
        }
        // By itself it stands before a bracket, which is looked at then.
        return word.indexOf('$') >= 0 && !word.equals("$");
    }

    /** Whether a word may be whatever the names of files are, or the result of a calculation. */
    static boolean isPattern(String word) {
        String name = word.startsWith("*:") ? word.substring(2) : word;
        return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '%');
    }

    /** The texts of those expansions of a word that are more than a variable's name. */
    static Stream<String> texts(String word) {
        return EXPANSION.matcher(word).results().map(found -> found.group()).filter(text -> !PLAIN.matcher(text)
                .matches());
    }

    /** What may be the names of variables in a text. */
    static Stream<String> names(String text) {
        Matcher names = NAME.matcher(text);
        return names.results().map(name -> name.group());
    }
}
