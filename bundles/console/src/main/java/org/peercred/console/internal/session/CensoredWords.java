/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Session;

/**
 * Hides the values of options and arguments that Karaf's commands declare with {@code censor = true}. A compound line holds several
 * commands: each is looked at by itself. Where a line cannot be told apart for certain, more is hidden rather than less.
 */
final class CensoredWords {

    private static final String HIDDEN = "*****";

    /**
     * Words with their quotes, what stands between commands, and a line's end that is escaped. Possessive: other loops recurse for
     * each character of a word.
     */
    private static final Pattern TOKEN = Pattern.compile(
            "(?:\"(?:\\\\.|[^\"\\\\])*+\"|'[^']*+'|\\\\[^\n]|[^\\s;|&{}()\"'\\\\])++|[;|&{}()\n]|\\\\\n",
            Pattern.DOTALL);

    private final Session session;
    private final String line;
    private final Deque<Part> around = new ArrayDeque<>();
    private Part part = new Part(false);

    private CensoredWords(Session session, String line) {
        this.session = session;
        this.line = line;
    }

    static String mask(Session session, String line) {
        return new CensoredWords(session, line).mask();
    }

    private String mask() {
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
            case "(", "{" -> {
                part.bracket(start);
                around.push(part);
                part = new Part(part.isSecret());
            }
            case ")", "}" -> {
                // one too many ends no command: what follows may still be its secret
                if (!around.isEmpty()) {
                    part = around.pop();
                    part.wordEnd = end;
                }
            }
            case ";", "|", "&", "\n" -> part = new Part(part.hidden);
            case "\\\n" -> part.wordEnd = -1;
            default -> {
                int hiddenFrom = part.word(session, unquoted(token), start);
                part.wordEnd = end;
                return hiddenFrom;
            }
        }
        return -1;
    }

    private static String unquoted(String token) {
        return token.replaceAll("[\"'\\\\]", "");
    }

    /** A command's words so far, which go on after the brackets among them. */
    private static final class Part {

        private final boolean hidden;
        private Optional<Words> command = Optional.empty();
        private boolean first = true;
        private boolean secret;
        private int wordEnd = -1;

        /** Begins a command, all of it hidden if it stands for a secret. */
        Part(boolean hidden) {
            this.hidden = hidden;
        }

        boolean isSecret() {
            return hidden || secret;
        }

        int word(Session session, String word, int start) {
            if (first) {
                first = false;
                command = Words.of(session, word);
                return hidden ? 0 : -1;
            }
            if (start == wordEnd) {
                return isSecret() ? 0 : -1;
            }
            int from = secretFrom(word);
            return hidden ? 0 : from;
        }

        /** A bracket is a word by itself, or goes on with the one that it touches. */
        void bracket(int start) {
            if (!first && start != wordEnd) {
                secretFrom("");
            }
        }

        private int secretFrom(String word) {
            int from = command.map(words -> words.secretFrom(word)).orElse(-1);
            secret = from >= 0;
            return from;
        }
    }

    /** What one command declares of its words, and how far its line has been read. */
    private static final class Words {

        private final Set<String> switches = new HashSet<>();
        private final Map<String, Boolean> options = new HashMap<>();
        private final List<Argument> arguments = new ArrayList<>();
        private boolean secretNext;
        private boolean valueNext;
        private int argument;

        /** Empty if the command has no secrets, or is none. */
        static Optional<Words> of(Session session, String name) {
            String resolved = session.resolveCommand(name);
            return session.getRegistry().getCommands().stream()
                    .filter(command -> (command.getScope() + ":" + command.getName()).equals(resolved))
                    .findFirst()
                    .flatMap(CensoredWords::actionOf)
                    .map(Words::new)
                    .filter(Words::hasSecrets);
        }

        private Words(Class<?> action) {
            for (Class<?> type = action; type != null; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    Option option = field.getAnnotation(Option.class);
                    if (option != null) {
                        add(option, field.getType() == boolean.class || field.getType() == Boolean.class);
                    }
                    Argument declared = field.getAnnotation(Argument.class);
                    if (declared != null) {
                        arguments.add(declared);
                    }
                }
            }
            arguments.sort((a, b) -> Integer.compare(a.index(), b.index()));
        }

        private void add(Option option, boolean isSwitch) {
            List<String> names = new ArrayList<>(List.of(option.aliases()));
            names.add(option.name());
            for (String name : names) {
                if (isSwitch) {
                    switches.add(name);
                } else {
                    options.put(name, option.censor());
                }
            }
        }

        private boolean hasSecrets() {
            return options.containsValue(true) || arguments.stream().anyMatch(Argument::censor);
        }

        /** From which character of the next word on it is secret; -1 if none is. */
        int secretFrom(String word) {
            if (valueNext) {
                valueNext = false;
                return secretNext ? 0 : -1;
            }
            if (word.startsWith("-") && word.length() > 1) {
                int equals = word.indexOf('=');
                String name = equals < 0 ? word : word.substring(0, equals);
                if (switches.contains(name) || !options.containsKey(name)) {
                    return -1;
                }
                if (equals < 0) {
                    valueNext = true;
                    secretNext = options.get(name);
                    return -1;
                }
                return options.get(name) ? equals + 1 : -1;
            }
            if (argument >= arguments.size()) {
                return arguments.stream().anyMatch(Argument::censor) ? 0 : -1;
            }
            Argument current = arguments.get(argument);
            if (!current.multiValued()) {
                argument++;
            }
            return current.censor() ? 0 : -1;
        }
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
