/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How many threads all services together may have for work on behalf of clients: the engine's {@code max.threads}. A service
 * that starts threads of its own for that asks here first. All methods may be called by any thread.
 */
@ProviderType
public interface ThreadLimit {

    /**
     * Asks for one more thread. Does not start any, and does not wait.
     *
     * @return to be given back when the thread has ended; empty if there are as many as allowed
     */
    Optional<Permit> take();

    /** One thread. */
    @ProviderType
    interface Permit {

        /** Gives it back. Again, does nothing. */
        void giveBack();
    }
}
