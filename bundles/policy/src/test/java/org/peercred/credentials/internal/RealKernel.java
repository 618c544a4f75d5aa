/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.UserDatabase;

/** The services that ask the running kernel, for tests of policies on real processes. */
public final class RealKernel {

    private static final Native SYSTEM = Native.load();

    private RealKernel() {}

    public static PeerCredentialProvider provider() {
        return new KernelPeerCredentialProvider(SYSTEM, new KernelProcessTable(SYSTEM));
    }

    public static boolean isRoot() {
        return SYSTEM.libc().geteuid() == 0;
    }

    public static UserDatabase users() {
        return new NativeUserDatabase(SYSTEM);
    }

    public static ProcessPinner pinner() {
        return new KernelProcessPinner(new KernelProcessTable(SYSTEM));
    }
}
