/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.metrics;

/** A service is not there without which there is nothing to show. */
public final class MissingServiceException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Names it.
     *
     * @param type of the bundle org.peercred.listener
     */
    MissingServiceException(Class<?> type) {
        super(
                "The service " + type.getSimpleName()
                        + " is missing; it comes with the bundle org.peercred.listener, once that is active (see bundle:list).");
    }
}
