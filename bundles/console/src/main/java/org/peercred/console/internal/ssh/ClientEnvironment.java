/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.server.Environment;

/**
 * What of a client's environment counts: TERM, LANG and the LC_* that locale(7) knows, as far as they look like what they are for. All
 * that is accepted is kept, so that there must not be any number of names.
 */
final class ClientEnvironment {

    private static final int MOST_CELLS = 1000;
    private static final Pattern LOCALE_NAME = Pattern.compile("LANG|LC_(?:ALL|CTYPE|COLLATE|MESSAGES|MONETARY|NUMERIC"
            + "|TIME|PAPER|NAME|ADDRESS|TELEPHONE|MEASUREMENT|IDENTIFICATION)");
    private static final Pattern LOCALE = Pattern.compile("[A-Za-z0-9_.@:-]{0,64}");
    private static final Pattern TERMINAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");
    private static final Pattern CODESET = Pattern.compile("[^.]*\\.([^@]+)(?:@.*)?");

    private final Map<String, String> variables;

    ClientEnvironment(Environment environment) {
        this.variables = environment.getEnv();
    }

    static boolean isAccepted(String name, String value) {
        return name.equals(Environment.ENV_TERM)
                ? TERMINAL.matcher(value).matches()
                : LOCALE_NAME.matcher(name).matches() && LOCALE.matcher(value).matches();
    }

    /** The type of a terminal: JLine may start a program to look up an unknown one. */
    static String terminalType(String term) {
        return TERMINAL.matcher(term).matches() ? term : "dumb";
    }

    /** What sessions get as variables. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (isAccepted(name, value)) {
                shown.put(name, value);
            }
        });
        return shown;
    }

    String terminalType() {
        return terminalType(variables.getOrDefault(Environment.ENV_TERM, ""));
    }

    int columns() {
        return cells(Environment.ENV_COLUMNS);
    }

    int rows() {
        return cells(Environment.ENV_LINES);
    }

    boolean hasTerminal() {
        return variables.containsKey(Environment.ENV_COLUMNS);
    }

    /** The character set that the client's locale names. */
    Charset charset(Charset otherwise) {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String value = variables.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return codeset(value, otherwise);
            }
        }
        return otherwise;
    }

    private static Charset codeset(String locale, Charset otherwise) {
        Matcher matcher = CODESET.matcher(locale);
        try {
            return matcher.matches() && Charset.isSupported(matcher.group(1))
                    ? Charset.forName(matcher.group(1))
                    : otherwise;
        } catch (IllegalCharsetNameException e) {
            return otherwise;
        }
    }

    /** 0 if the client does not know. */
    private int cells(String name) {
        try {
            return Math.max(0, Math.min(MOST_CELLS, Integer.parseInt(variables.getOrDefault(name, "0"))));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
