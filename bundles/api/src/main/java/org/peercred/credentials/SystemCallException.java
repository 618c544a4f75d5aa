/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

/** A system call failed with an error of its own. */
public final class SystemCallException extends PeerCredentialException {

    private static final long serialVersionUID = 1L;

    private final String errno;

    /**
     * Creates the exception.
     *
     * @param call the call, for instance {@code getsockopt(SO_PEERCRED)}
     * @param errno the error's name, for instance {@code EMFILE}
     */
    public SystemCallException(String call, String errno) {
        super(call + " failed: " + errno + ".");
        this.errno = errno;
    }

    /**
     * The error's name as in errno(3).
     *
     * @return for instance {@code EMFILE}
     */
    public String errno() {
        return errno;
    }
}
