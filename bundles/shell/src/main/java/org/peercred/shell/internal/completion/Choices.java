/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal.completion;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.osgi.framework.BundleContext;
import org.peercred.common.inspect.Services;
import org.peercred.common.text.ForeignText;

/**
 * What the completers share: each says what there is to choose from now. Where the service that knows is missing, there is
 * nothing to choose, and what is typed is left as it is. May be called by any session's thread.
 */
abstract class Choices implements Completer {

    @Reference
    private BundleContext context;

    /**
     * What there is to choose from.
     *
     * @param services looks up services; closed afterwards
     * @return a description a value; a description may be empty
     */
    abstract Map<String, String> choices(Services services);

    /** Whether several values may be typed, separated by commas. */
    boolean severalAllowed() {
        return false;
    }

    @Override
    public final void completeCandidates(Session session, CommandLine line, List<Candidate> candidates) {
        String before = typedBefore(line);
        safeChoices()
                .forEach((value, description) -> candidates.add(new Candidate(
                        before + value,
                        value,
                        null,
                        description.isEmpty() ? null : ForeignText.escape(description),
                        null,
                        null,
                        !severalAllowed())));
    }

    @Override
    public final int complete(Session session, CommandLine line, List<String> candidates) {
        String before = typedBefore(line);
        String typed = word(line);
        for (String value : safeChoices().keySet()) {
            if ((before + value).startsWith(typed)) {
                candidates.add(before + value + (severalAllowed() ? "" : " "));
            }
        }
        return candidates.isEmpty() ? -1 : line.getBufferPosition() - line.getArgumentPosition();
    }

    /** Values that would not be safe on a terminal cannot be offered: shown otherwise, they would be other values. */
    private Map<String, String> safeChoices() {
        Map<String, String> safe = new TreeMap<>();
        try (Services services = new Services(context)) {
            choices(services).forEach((value, description) -> {
                if (ForeignText.isPlain(value)) {
                    safe.put(value, description);
                }
            });
        }
        return safe;
    }

    private String typedBefore(CommandLine line) {
        return severalAllowed() ? word(line).substring(0, word(line).lastIndexOf(',') + 1) : "";
    }

    private static String word(CommandLine line) {
        String word = line.getCursorArgument();
        return word == null ? "" : word.substring(0, Math.min(word.length(), line.getArgumentPosition()));
    }
}
