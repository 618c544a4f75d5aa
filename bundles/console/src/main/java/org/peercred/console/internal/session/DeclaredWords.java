/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Option;

/** What one command declares of its words, and how far a line with it has been read. */
final class DeclaredWords {

    private final Set<String> switches = new HashSet<>();
    private final Map<String, Boolean> options = new HashMap<>();
    private final List<Argument> arguments = new ArrayList<>();
    private boolean secretNext;
    private boolean valueNext;
    /** Whether an argument was read: from then on Karaf takes no word for an option. */
    private boolean optionsEnded;

    private int argument;

    /** Reads what the class behind a command declares, and nothing of a line yet. */
    DeclaredWords(Class<?> action) {
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

    /** Whether any of its options or arguments is secret. */
    boolean hasSecrets() {
        return options.containsValue(true) || arguments.stream().anyMatch(Argument::censor);
    }

    /** Reads one more word: from which character on it is secret; -1 if it is not. */
    int secretFrom(String word) {
        if (valueNext) {
            valueNext = false;
            return secretNext ? 0 : -1;
        }
        if (!optionsEnded && word.startsWith("-") && word.length() > 1) {
            return secretFromInOption(word);
        }
        optionsEnded = true;
        if (argument >= arguments.size()) {
            return arguments.stream().anyMatch(Argument::censor) ? 0 : -1;
        }
        Argument current = arguments.get(argument);
        if (!current.multiValued()) {
            argument++;
        }
        return current.censor() ? 0 : -1;
    }

    private int secretFromInOption(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (switches.contains(name)) {
            return -1;
        }
        if (!options.containsKey(name)) {
            // A slip in an option's name: what follows may be what it was to hide.
            valueNext = equals < 0;
            secretNext = true;
            return equals < 0 ? -1 : equals + 1;
        }
        if (equals < 0) {
            valueNext = true;
            secretNext = options.get(name);
            return -1;
        }
        return options.get(name) ? equals + 1 : -1;
    }
}
