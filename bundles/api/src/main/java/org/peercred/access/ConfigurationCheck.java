/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.List;
import java.util.Map;
import java.util.Objects;
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
}
