/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Session;

/**
 * Hides the values of options and arguments that Karaf's commands declare with {@code censor = true}. A compound line holds several
 * commands: each is looked at by itself. Where a line cannot be told apart for certain, more is hidden rather than less.
 */
final class CensoredWords {

    private static final String HIDDEN = "*****";

    /**
     * Words with their quotes and expansions, what stands between commands, and a line's end that is escaped. Possessive: other loops
     * recurse for each character of a word.
     */
    private static final Pattern TOKEN = Pattern.compile(
            "(?:\"(?:\\\\.|[^\"\\\\])*+\"|'[^']*+'|\\\\[^\n]|" + Expansions.PATTERN
                    + "|[^\\s;|&{}()\\[\\]\"'\\\\])++|[;|&{}()\\[\\]\n]|\\\\\n",
            Pattern.DOTALL);

    private final String line;
    private final Deque<CommandWords> around = new ArrayDeque<>();
    private CommandWords part;

    CensoredWords(SecretCommands commands, String line) {
        this.line = line;
        this.part = new CommandWords(commands, false, false);
    }

    static String mask(Session session, String line) {
        SecretCommands commands = new SecretCommands(session);
        String masked = new CensoredWords(commands, line).mask();
        // What is set by a later command, an earlier one may run: in a loop.
        return commands.lineNamesOne() ? new CensoredWords(commands, line).mask() : masked;
    }

    /** The words of a program, without quotes. */
    static Stream<String> words(String program) {
        return TOKEN.matcher(program).results().map(token -> unquoted(token.group()));
    }

    String mask() {
        StringBuilder masked = new StringBuilder();
        Matcher tokens = TOKEN.matcher(line);
        int end = 0;
        while (tokens.find()) {
            int hiddenFrom = read(tokens.group(), tokens.start(), tokens.end());
            if (hiddenFrom >= 0) {
                masked.append(line, end, Math.min(tokens.start() + hiddenFrom, tokens.end()))
                        .append(HIDDEN);
                end = tokens.end();
            }
        }
        return masked.append(line, end, line.length()).toString();
    }

    /** From which character of a token on it is to be hidden; -1 if none is. */
    private int read(String token, int start, int end) {
        switch (token) {
            case "[" -> {
                // within a word it is a letter; of a secret one, all is hidden that it may hold
                if (part.isWithinWord(start) && !part.isSecret()) {
                    part.wordEndsAt(end);
                } else {
                    open(token, start);
                }
            }
            case "(", "{" -> open(token, start);
            case ")", "}" -> close(end);
            case "]" -> {
                if (part.isList()) {
                    close(end);
                } else if (part.isWithinWord(start)) {
                    part.wordEndsAt(end);
                }
            }
            case ";", "|", "&", "\n" -> part = part.next();
            case "\\\n" -> part.wordEndsAt(-1);
            default -> {
                int hiddenFrom = token.equals("=") ? part.equalsSign(start) : part.word(unquoted(token), start);
                part.wordEndsAt(end);
                return hiddenFrom;
            }
        }
        return -1;
    }

    private void open(String bracket, int start) {
        around.push(part);
        part = part.open(bracket, start);
    }

    /** One too many ends no command: what follows may still be its secret. */
    private void close(int end) {
        if (!around.isEmpty()) {
            CommandWords inner = part;
            part = around.pop();
            part.closed(inner);
            part.wordEndsAt(end);
        }
    }

    /** A text whose escapes stand for other characters is not to look like a variable. */
    private static String unquoted(String token) {
        return token.replace("$'", "$$").replaceAll("[\"'\\\\]", "");
    }
}
