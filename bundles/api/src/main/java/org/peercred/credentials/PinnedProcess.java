/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A process held by a pidfd of its own, from {@link ProcessPinner}. It belongs to the caller who pinned it, who closes it.
 *
 * <p>Unlike the facts of a peer, everything here may be called by any thread, by several at once, and while another closes it:
 * what comes after {@link #close()} is told {@code false}, -1 or an absent fact, never the state of a descriptor that got the
 * same number. {@link #alive()} is one {@code poll(2)} and may be called on an event loop. {@link #startTime()} was read when
 * the process was pinned: it is always present, costs nothing and stays readable after the close.
 */
@ProviderType
public interface PinnedProcess extends PeerProcess, AutoCloseable {

    /** Gives back the descriptor. Closing again does nothing. */
    @Override
    void close();
}
