/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialProvider;

/** Fails in a way of its own each time. */
public record FailingProvider(AtomicInteger asked) implements PeerCredentialProvider {

    @Override
    public Peer identify(int socketDescriptor) {
        return switch (asked.getAndIncrement() % 4) {
            case 0 -> throw new IllegalStateException("broken");
            case 1 -> throw new NoClassDefFoundError("gone");
            case 2 -> throw new StackOverflowError();
            default -> null;
        };
    }

    @Override
    public long daemonUid() {
        return 0;
    }

    @Override
    public long overflowUid() {
        return 65534;
    }

    @Override
    public long overflowGid() {
        return 65534;
    }
}
