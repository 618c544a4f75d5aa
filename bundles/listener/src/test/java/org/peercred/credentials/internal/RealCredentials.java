/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/** The real credential services, for tests of other bundles: they ask the running kernel. */
public final class RealCredentials {

    private static final Native SYSTEM = Native.load();

    private RealCredentials() {}

    public static PeerCredentialProvider provider() {
        return new KernelPeerCredentialProvider(SYSTEM, new KernelProcessTable(SYSTEM));
    }

    public static UserDatabase users() {
        return new NativeUserDatabase(SYSTEM);
    }
}
