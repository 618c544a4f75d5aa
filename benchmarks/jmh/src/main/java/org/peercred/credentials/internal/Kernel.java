/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Platform;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/** The real credential services on a plain class path, and connected sockets to ask them about. */
public final class Kernel {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final Native SYSTEM = Native.load();

    /** What benchmarks call of the C library, and the product does not. */
    public interface Sockets {
        /** See socketpair(2). */
        int socketpair(int domain, int type, int protocol, long descriptors);
    }

    private Kernel() {}

    public static PeerCredentialProvider provider() {
        return new KernelPeerCredentialProvider(SYSTEM, new KernelProcessTable(SYSTEM));
    }

    public static UserDatabase users() {
        return new NativeUserDatabase(SYSTEM);
    }

    /** One end of a connected pair of sockets whose peer is this process; both stay open until it ends. */
    public static int connectedSocket() {
        Sockets sockets = LibraryLoader.create(Sockets.class)
                .failImmediately()
                .load(Platform.getNativePlatform().getStandardCLibraryName());
        Pointer pair = Memory.allocateDirect(Runtime.getRuntime(sockets), 2 * Integer.BYTES, true);
        if (sockets.socketpair(AF_UNIX, SOCK_STREAM, 0, pair.address()) != 0) {
            throw new IllegalStateException("socketpair failed");
        }
        return pair.getInt(0);
    }
}
