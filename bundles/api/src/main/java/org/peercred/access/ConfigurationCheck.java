/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tells whether configurations would be accepted, without putting them in force. Published as a service by who reads them; named in {@code
 * META-INF/services} as well, with a constructor without parameters, it is also asked where there is no container.
 */
@ConsumerType
public interface ConfigurationCheck {

    /**
     * Whose configurations it knows.
     *
     * @return PIDs, and factory PIDs without an instance; constant
     */
    Set<String> pids();

    /**
     * Reads a configuration. Changes nothing, and asks nobody: names of users are not looked up. May be called by any thread.
     *
     * @param pid one of {@link #pids()}
     * @param properties the configuration as its component would be given it
     * @return what there is to say of it
     */
    Result check(String pid, Map<String, ?> properties);

    /**
     * Tells what would come of a configuration that would be accepted, as things stand in this container. Changes nothing; may wait for
     * the name service. Not to be called by an event loop.
     *
     * @param pid one of {@link #pids()}
     * @param before the one whose place it would take; empty if there is none
     * @param after the configuration as its component would be given it
     * @return empty where nothing is looked at but what {@link #check} tells
     */
    default Optional<Forecast> forecast(String pid, Map<String, ?> before, Map<String, ?> after) {
        return Optional.empty();
    }

    /**
     * Tells what a configuration makes, and what it wants to be made by others. Changes nothing, and asks nobody. May be called by any
     * thread.
     *
     * @param pid one of {@link #pids()}
     * @param properties the configuration, which may be one that would be rejected
     * @return what can be told of it
     */
    default List<Mention> mentions(String pid, Map<String, ?> properties) {
        return List.of();
    }

    /**
     * What there is to say of a configuration.
     *
     * @param problems why it would be rejected, whole sentences that name file, key and value; empty if it would be accepted
     * @param warnings what would not count in it, whole sentences
     */
    record Result(List<String> problems, List<String> warnings) {

        /** Takes copies. */
        public Result {
            Objects.requireNonNull(problems);
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What would come of a configuration.
     *
     * @param effects whole sentences
     * @param terms on what other terms a listener would let somebody in; empty if there is no such listener yet, or it is no listener's
     */
    record Forecast(List<String> effects, Optional<Terms> terms) {

        /** Takes a copy. */
        public Forecast {
            effects = List.copyOf(effects);
            Objects.requireNonNull(terms);
        }
    }

    /**
     * What a listener asks about who connects.
     *
     * @param listener its name now
     * @param name the name that it would have
     * @param requiredPolicies ids of policies without which it would let nobody in
     */
    record Terms(String listener, String name, Set<String> requiredPolicies) {

        /** Takes a copy. */
        public Terms {
            Objects.requireNonNull(listener);
            Objects.requireNonNull(name);
            requiredPolicies = Set.copyOf(requiredPolicies);
        }
    }

    /** What configurations can refer to in each other. */
    enum Subject {
        /** A policy, by its id. */
        POLICY,
        /** A configuration of roles, by its name. */
        ROLES,
        /** A role. */
        ROLE,
        /** A listener, by its name. */
        LISTENER,
        /** A socket, by its path as it is written. */
        SOCKET
    }

    /**
     * Something that a configuration refers to.
     *
     * @param subject what it is
     * @param name what it is called
     * @param key the key that says so
     * @param made whether this configuration makes it; else others have to
     */
    record Mention(Subject subject, String name, String key, boolean made) {

        /** Checks that nothing is null. */
        public Mention {
            Objects.requireNonNull(subject);
            Objects.requireNonNull(name);
            Objects.requireNonNull(key);
        }
    }
}
