/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Objects;

/**
 * What was answered about an open connection.
 *
 * @param <T> the type of answers
 * @param connection the connection
 * @param answer the answer
 */
public record ConnectionAnswer<T>(ConnectionReport connection, T answer) {

    /** Checks that nothing is null. */
    public ConnectionAnswer {
        Objects.requireNonNull(connection);
        Objects.requireNonNull(answer);
    }
}
