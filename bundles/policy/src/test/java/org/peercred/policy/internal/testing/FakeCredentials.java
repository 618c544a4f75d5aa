/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialProvider;

/** What policies ask about this process. */
public record FakeCredentials(long daemonUid) implements PeerCredentialProvider {

    public static final long OVERFLOW = 65534;

    @Override
    public Peer identify(int socketDescriptor) {
        throw new UnsupportedOperationException("Policies identify nobody.");
    }

    @Override
    public long overflowUid() {
        return OVERFLOW;
    }

    @Override
    public long overflowGid() {
        return OVERFLOW;
    }
}
