/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

/** The errno values that the engine tells apart; the same on every 64-bit Linux that jnr-ffi runs on, see errno(3). */
final class Errors {

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EMFILE = 24;
    static final int ECONNABORTED = 103;

    private Errors() {}
}
