/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.config;

/** A configuration that cannot be used. The message is one sentence that names the file, the key and the value. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one sentence
     */
    public ConfigException(String message) {
        super(message);
    }
}
