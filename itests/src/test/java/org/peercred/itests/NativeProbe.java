/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/** Uses the native stack as any bundle would. A class of its own: its imports resolve once the feature is there. */
final class NativeProbe {

    /** The part of libc that is called. Public, for jnr-ffi implements it. */
    public interface LibC {
        int geteuid();
    }

    private NativeProbe() {}

    static int effectiveUid() {
        return LibraryLoader.create(LibC.class).failImmediately().load("c").geteuid();
    }

    /** Sends a text to itself over a socket file, and returns what arrived. */
    static String roundTrip(Path socket, String text) throws IOException {
        UnixSocketAddress address = new UnixSocketAddress(socket.toFile());
        try (UnixServerSocketChannel server = UnixServerSocketChannel.open()) {
            server.socket().bind(address);
            try (UnixSocketChannel client = UnixSocketChannel.open(address);
                    UnixSocketChannel accepted = server.accept()) {
                client.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
                ByteBuffer received = ByteBuffer.allocate(64);
                accepted.read(received);
                return new String(received.array(), 0, received.position(), UTF_8);
            }
        }
    }
}
