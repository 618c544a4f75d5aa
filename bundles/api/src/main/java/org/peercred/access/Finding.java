/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;

/**
 * Something that is not as it should be, in the words of an operator.
 *
 * @param area what it concerns
 * @param subject the file, or the setting, that it is about; the same as long as it is the same matter
 * @param problem what is amiss, and what counts meanwhile; whole sentences
 * @param remedy what the operator can do about it; a whole sentence
 */
public record Finding(Area area, String subject, String problem, String remedy) {

    /** What a finding concerns. */
    public enum Area {
        /** A policy. */
        POLICY,
        /** A configuration of roles. */
        ROLES,
        /** A listener. */
        LISTENER,
        /** A service, or nothing that can be told. */
        OTHER,
        /** The container: its settings, its virtual machine. */
        CONTAINER
    }

    /** Checks that nothing is null. */
    public Finding {
        Objects.requireNonNull(area);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(problem);
        Objects.requireNonNull(remedy);
    }
}
