/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.common.linux.Errno;

/** The errors of system calls that the engine tells apart. */
final class Errors {

    static final int EINTR = Errno.EINTR;
    static final int EAGAIN = Errno.EAGAIN;
    static final int EMFILE = Errno.EMFILE;
    static final int EPIPE = Errno.EPIPE;
    static final int ECONNABORTED = Errno.ECONNABORTED;

    private Errors() {}
}
