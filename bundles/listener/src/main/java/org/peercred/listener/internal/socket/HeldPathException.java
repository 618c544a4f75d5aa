/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.util.Optional;

/** Somebody listens at the path already. */
public final class HeldPathException extends SocketPathException {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final transient SocketHolder holder;

    HeldPathException(String place, SocketHolder holder) {
        super(holder.sentence(place, Optional.empty()));
        this.place = place;
        this.holder = holder;
    }

    /** The path or the abstract name. */
    public String place() {
        return place;
    }

    /** Who listens. */
    public SocketHolder holder() {
        return holder;
    }
}
