/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit.file;

/** A file that cannot be written. One is made for an outage and thrown for each line that it costs, so it knows no place in the code. */
public final class FileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates it.
     *
     * @param message which file, and what is wrong with it; not a whole sentence
     */
    FileException(String message) {
        super(message, null, false, false);
    }
}
