/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import org.peercred.credentials.Fact;

/**
 * A fact that is read once and then kept, as the kernel's are: who asks for the first time when it is too late gets none.
 *
 * @param <T> the type of what is told
 */
final class ReadOnce<T> {

    private final Fact<T> fact;
    private boolean read;
    private int asked;

    ReadOnce(Fact<T> fact) {
        this.fact = fact;
    }

    /** The fact; absent with this reason if it was not read before and there is a reason not to. */
    synchronized Fact<T> read(String reasonNotTo) {
        asked++;
        if (!read && !reasonNotTo.isEmpty()) {
            return Fact.absent(fact.grade(), reasonNotTo);
        }
        read = true;
        return fact;
    }

    /** How often it was asked for. */
    synchronized int asked() {
        return asked;
    }
}
