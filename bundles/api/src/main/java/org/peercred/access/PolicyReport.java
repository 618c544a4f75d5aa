/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.access;

import java.util.Objects;

/**
 * A policy as it stands.
 *
 * @param id its id
 * @param scope what it covers
 * @param status which configuration is in force
 */
public record PolicyReport(String id, PolicyScope scope, PolicyStatus status) {

    /** Checks that nothing is null. */
    public PolicyReport {
        Objects.requireNonNull(id);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(status);
    }
}
