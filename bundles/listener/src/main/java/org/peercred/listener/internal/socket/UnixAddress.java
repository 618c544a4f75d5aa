/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The name of a Unix socket as the kernel takes it, {@code struct sockaddr_un} of
 * <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>: a path ends with a zero, and an abstract name begins with one.
 */
public final class UnixAddress {

    /** What a name begins with, as people write it, that is no path but abstract. */
    public static final String ABSTRACT = "@";

    /** How many bytes a name may have, its zero apart. */
    public static final int LONGEST = 107;

    private static final short AF_UNIX = 1;
    private static final int NAME = 2;

    private final NativeBuffer memory;

    /**
     * Makes an address.
     *
     * @param name a path, or {@code @} and an abstract name, which the kernel sees without it
     */
    public UnixAddress(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.startsWith(ABSTRACT);
        if (isAbstract) {
            bytes[0] = 0;
        }
        memory = new NativeBuffer(NAME + bytes.length + (isAbstract ? 0 : 1));
        ByteBuffer address = memory.bytes();
        address.putShort(0, AF_UNIX).put(NAME, bytes);
    }

    /**
     * Gives a socket this name.
     *
     * @param libc the system calls
     * @param socket the descriptor
     * @return the errno; 0 if it has it
     */
    public int bind(LibC libc, int socket) {
        try {
            return libc.bind(socket, memory.address(), memory.capacity()) == 0 ? 0 : LibC.errno();
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Connects a socket to the one of this name.
     *
     * @param libc the system calls
     * @param socket the descriptor
     * @return the errno; 0 if it is connected
     */
    public int connect(LibC libc, int socket) {
        try {
            return libc.connect(socket, memory.address(), memory.capacity()) == 0 ? 0 : LibC.errno();
        } finally {
            Reference.reachabilityFence(memory);
        }
    }
}
