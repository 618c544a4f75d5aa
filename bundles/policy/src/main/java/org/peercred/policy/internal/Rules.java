/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;

/** What a configuration means. Immutable to those who evaluate it, who may be several threads. */
@FunctionalInterface
interface Rules {

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
     */
    record Loaded(Rules rules, List<String> notes) {}

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
         * Looks for keys that nobody reads.
         *
         * @param config the configuration
         * @param known the keys that the kind of policy has
         * @return one sentence a key
         */
        default List<String> warnings(Config config, Set<String> known) {
            return config.warnings(known);
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
