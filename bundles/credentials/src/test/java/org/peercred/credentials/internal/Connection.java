/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.PeerProcess;

/** An accepted connection with its peer. */
record Connection(int descriptor, Peer peer) implements AutoCloseable {

    /** Has a client connect, accepts it and identifies it. */
    static Connection of(Client client, Server server, PeerCredentialProvider provider) throws Exception {
        client.tell("connect()");
        return accept(server, provider);
    }

    static Connection accept(Server server, PeerCredentialProvider provider) throws Exception {
        int descriptor = server.accept();
        try {
            return new Connection(descriptor, provider.identify(descriptor));
        } catch (PeerCredentialException e) {
            Sockets.close(descriptor);
            throw e;
        }
    }

    PeerProcess process() {
        return peer.process()
                .value()
                .orElseThrow(() -> new AssertionError(peer.process().absence()));
    }

    @Override
    public void close() {
        peer.close();
        Sockets.close(descriptor);
    }
}
