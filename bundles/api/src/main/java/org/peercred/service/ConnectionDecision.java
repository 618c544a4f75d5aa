/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Objects;
import org.peercred.access.Decision;

/**
 * What would become of an open connection.
 *
 * @param connection the connection
 * @param decision whether it could stay, and why
 */
public record ConnectionDecision(ConnectionReport connection, Decision decision) {

    /** Checks that nothing is null. */
    public ConnectionDecision {
        Objects.requireNonNull(connection);
        Objects.requireNonNull(decision);
    }
}
