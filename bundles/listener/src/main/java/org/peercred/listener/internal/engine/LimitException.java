/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/** A service cannot take one more connection for now, since its threads are all in use. */
public final class LimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates it, without a stack trace. */
    public LimitException() {
        super("there are as many as allowed", null, false, false);
    }
}
