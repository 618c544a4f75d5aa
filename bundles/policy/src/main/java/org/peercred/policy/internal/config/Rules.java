/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;

/** What a configuration means. Immutable to those who evaluate it, who may be several threads. */
@FunctionalInterface
public interface Rules {

    /**
     * Judges a request.
     *
     * @param request one that the policy covers
     * @return the verdict
     */
    Verdict evaluate(AccessRequest request);

    /** Whether these rules rest on something that can change by itself, so that they want to be refreshed every second. */
    default boolean watches() {
        return false;
    }

    /**
     * Looks after what these rules rest on; called by one thread at a time.
     *
     * @return the rules to take their place, empty if they still hold
     * @throws UnavailableException if that cannot be told now
     */
    default Optional<Loaded> refresh() throws UnavailableException {
        return Optional.empty();
    }

    /**
     * What these rules grant by role.
     *
     * @return for each command or rule, as it is written, the roles that it is granted to; in order
     */
    default Map<String, Set<String>> byRole() {
        return Map.of();
    }

    /** Whether these rules hold anything that has to be given back. */
    default boolean holds() {
        return false;
    }

    /**
     * Gives back what these rules hold and their successor does not.
     *
     * @param successor the rules now in force, empty if there are none
     */
    default void close(Optional<Rules> successor) {}

    /**
     * Rules, and what the operator should know about them.
     *
     * @param rules the rules
     * @param notes whole sentences
     * @param names the ids that names stood for
     */
    record Loaded(Rules rules, List<String> notes, Map<String, Long> names) {

        public Loaded(Rules rules, List<String> notes) {
            this(rules, notes, Map.of());
        }

        /** The same, remembering what names stand for by now. */
        Loaded remembering(Map<String, Long> newNames) {
            return new Loaded(rules, notes, newNames);
        }
    }

    /** Takes away from what was in force what a newer configuration, which cannot be used as a whole yet, lists no more. */
    @FunctionalInterface
    interface Remainder {

        /**
         * Takes it away.
         *
         * @param lastGood what was in force
         * @return what of it still counts, and what names stand for by now
         */
        Loaded of(Loaded lastGood);

        /** What counts where nothing was in force before; empty if all is denied then. */
        default Optional<Rules> alone() {
            return Optional.empty();
        }
    }

    /** Reads the text of a configuration. */
    @FunctionalInterface
    interface Reader {

        /**
         * Checks all there is to check without asking anybody.
         *
         * @param config the configuration
         * @return what is left to do
         * @throws ConfigException if it cannot be understood
         */
        Loading read(Config config) throws ConfigException;

        /**
         * Reads which requests the policy covers.
         *
         * @param config the configuration
         * @return the scope
         * @throws ConfigException if it cannot be understood
         */
        default PolicyScope scope(Config config) throws ConfigException {
            return Scopes.read(config);
        }

        /**
         * Looks for keys that nobody reads: a slip in one of those that say what is covered would widen what is granted.
         *
         * @param config the configuration
         * @param known the keys that the kind of policy has
         * @return one sentence a key
         */
        default List<String> unknownKeys(Config config, Set<String> known) {
            return config.unknownKeys(known);
        }
    }

    /** The rest of reading a configuration: what has to be asked of others. */
    @FunctionalInterface
    interface Loading {

        /**
         * Makes the rules.
         *
         * @return the rules
         * @throws ConfigException if the configuration cannot be used
         * @throws UnavailableException if whoever has to be asked does not answer now
         */
        Loaded load() throws ConfigException, UnavailableException;

        /** What still counts of what was in force before, as long as nobody was asked; empty if all of it does. */
        default Optional<Remainder> remainder() {
            return Optional.empty();
        }

        /** Whether {@link #load} may take longer than a component's activation should. */
        default boolean mayBlock() {
            return false;
        }

        /** Nothing is left to do. */
        static Loading done(Rules rules) {
            Loaded loaded = new Loaded(rules, List.of());
            return () -> loaded;
        }
    }
}
