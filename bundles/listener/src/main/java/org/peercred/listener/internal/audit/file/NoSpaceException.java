/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

import java.io.IOException;

/** The disk is full, or the user's quota: everything is as it should be but for that. */
final class NoSpaceException extends IOException {

    private static final long serialVersionUID = 1;

    NoSpaceException(String message) {
        super(message);
    }
}
