/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

/**
 * A configuration that must not count as it is, since its file cannot be read.
 *
 * @param pid its PID; {@link #ALL} for every one
 * @param problem the sentence for the operator
 * @param closed whether what Karaf remembers of it must not count either, because it was never seen to be what the file says
 */
public record Doubt(String pid, String problem, boolean closed) {

    /** Stands for every configuration. */
    public static final String ALL = "*";
}
