/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.nio.file.Path;
import java.util.Optional;

/** Somebody listens at the path already. */
public final class HeldPathException extends SocketPathException {

    private static final long serialVersionUID = 1L;

    private final transient Path path;
    private final transient SocketHolder holder;

    HeldPathException(Path path, SocketHolder holder) {
        super(holder.sentence(path, Optional.empty()));
        this.path = path;
        this.holder = holder;
    }

    /** The path. */
    public Path path() {
        return path;
    }

    /** Who listens. */
    public SocketHolder holder() {
        return holder;
    }
}
