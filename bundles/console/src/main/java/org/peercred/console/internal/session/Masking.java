/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Collection;
import org.apache.karaf.shell.api.console.CommandLoggingFilter;
import org.apache.karaf.shell.api.console.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hides secrets in what was typed, as Karaf does in its log and in its history. */
public final class Masking {

    private static final Logger LOG = LoggerFactory.getLogger(Masking.class);
    private static final String NOTHING_SAFE = "*****";

    private final Collection<CommandLoggingFilter> filters;

    /**
     * Uses what other bundles publish.
     *
     * @param filters may change at any time; iterating over it is safe
     */
    public Masking(Collection<CommandLoggingFilter> filters) {
        this.filters = filters;
    }

    /**
     * What may be kept of a line. Whoever fails to mask hides all of it.
     *
     * @param session where it was typed: its commands say which of their options and arguments are secret
     * @param line what was typed
     * @return the line, with asterisks in place of secrets
     */
    public String mask(Session session, String line) {
        try {
            CharSequence masked = CensoredWords.mask(session, line);
            for (CommandLoggingFilter filter : filters) {
                masked = filter.filter(masked);
            }
            return masked.toString();
        } catch (RuntimeException | StackOverflowError e) {
            // the command has run by now: a filter's pattern that recurses too deep must not keep it from being
            // recorded
            LOG.debug("A line cannot be masked", e);
            return NOTHING_SAFE;
        }
    }
}
