/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;

/** Lets one test process connect as several users: the kernel's word, but for the uid. */
public final class Users implements PeerCredentialProvider {

    private final PeerCredentialProvider kernel = RealCredentials.provider();
    private final Server server;
    private volatile LongSupplier uid = () -> 0;

    /** From now on the server believes this, not the kernel. */
    public Users(Server server) {
        this.server = server;
        server.provider(this);
    }

    /** Connects as a user, and waits until the server has let it in. */
    public Client connect(long as) throws IOException {
        uid = () -> as;
        int before = server.listener.open();
        Client client = server.connect();
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> server.listener.open() > before);
        return client;
    }

    /**
     * Tells who the next ones are, in the order in which they are accepted.
     *
     * @param next called on the loop
     */
    public Users accepted(LongSupplier next) {
        uid = next;
        return this;
    }

    @Override
    public Peer identify(int socketDescriptor) {
        try {
            Peer real = kernel.identify(socketDescriptor);
            long shown = uid.getAsLong();
            return (Peer) Proxy.newProxyInstance(
                    Users.class.getClassLoader(), new Class<?>[] {Peer.class}, (self, method, arguments) -> {
                        if (method.getName().equals("uid")) {
                            return shown;
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long daemonUid() {
        return kernel.daemonUid();
    }

    @Override
    public long overflowUid() {
        return kernel.overflowUid();
    }

    @Override
    public long overflowGid() {
        return kernel.overflowGid();
    }
}
