/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.peercred.common.linux.Errno;
import org.peercred.common.text.ForeignText;

/** What the kernel tells of a descriptor that somebody else has opened. */
final class SocketKind {

    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_SEQPACKET = 5;

    /** sizeof(struct sockaddr_un), see unix(7), and a zero behind it. */
    private static final int ADDRESS = 110;

    private static final int PATH = 2;

    private final LibC libc;
    private final int descriptor;

    SocketKind(LibC libc, int descriptor) {
        this.libc = libc;
        this.descriptor = descriptor;
    }

    /**
     * Checks that connections can be accepted from it, and that the kernel knows who makes them.
     *
     * @throws SocketPathException if it is anything but a listening Unix stream socket
     */
    void requireListeningUnixStream() throws SocketPathException {
        int domain = option(SO_DOMAIN);
        int type = option(SO_TYPE);
        if (domain != AF_UNIX) {
            throw wrong(internet(domain, type));
        }
        if (type != SOCK_STREAM) {
            throw wrong(
                    switch (type) {
                        case SOCK_DGRAM -> "a datagram socket (ListenDatagram=)";
                        case SOCK_SEQPACKET -> "a sequential-packet socket (ListenSequentialPacket=)";
                        default -> "a Unix socket of type " + type;
                    });
        }
        if (option(SO_ACCEPTCONN) == 0) {
            throw wrong("a stream socket that does not listen (Accept=yes hands over such ones)");
        }
    }

    /**
     * Where it is bound.
     *
     * @return a path as text, with nothing in it that cannot be seen; with an {@code @} in front if it is abstract
     * @throws SocketPathException if the kernel does not tell
     */
    String place() throws SocketPathException {
        NativeBuffer memory = new NativeBuffer(ADDRESS + Integer.BYTES);
        ByteBuffer bytes = memory.bytes().putInt(ADDRESS, ADDRESS - 1);
        if (libc.getsockname(descriptor, memory.address(), memory.address() + ADDRESS) != 0) {
            throw failed(LibC.errno());
        }
        int length = Math.min(bytes.getInt(ADDRESS), ADDRESS - 1) - PATH;
        if (length <= 0) {
            throw wrong("a socket without a name");
        }
        byte[] name = new byte[length];
        bytes.get(PATH, name);
        boolean isAbstract = name[0] == 0;
        int end = isAbstract ? 1 : 0;
        while (end < length && (isAbstract || name[end] != 0)) {
            end++;
        }
        int start = isAbstract ? 1 : 0;
        String text = new String(name, start, end - start, StandardCharsets.UTF_8);
        return ForeignText.escape((isAbstract ? "@" : "") + text);
    }

    private static String internet(int domain, int type) {
        if (domain != AF_INET && domain != AF_INET6) {
            return "a socket of address family " + domain;
        }
        return switch (type) {
            case SOCK_STREAM -> "a TCP socket";
            case SOCK_DGRAM -> "a UDP socket";
            default -> "an internet socket";
        };
    }

    private int option(int option) throws SocketPathException {
        NativeBuffer memory = new NativeBuffer(2 * Integer.BYTES);
        ByteBuffer bytes = memory.bytes().putInt(Integer.BYTES, Integer.BYTES);
        int result =
                libc.getsockopt(descriptor, SOL_SOCKET, option, memory.address(), memory.address() + Integer.BYTES);
        if (result != 0) {
            throw failed(LibC.errno());
        }
        return bytes.getInt(0);
    }

    private SocketPathException failed(int errno) {
        return switch (errno) {
            case Errno.EBADF ->
                new SocketPathException("descriptor " + descriptor + ", which systemd handed over, is closed");
            case Errno.ENOTSOCK -> wrong("no socket");
            default ->
                new SocketPathException("descriptor " + descriptor
                        + ", which systemd handed over, cannot be looked at: " + Errno.name(errno));
        };
    }

    private SocketPathException wrong(String what) {
        return new SocketPathException("descriptor " + descriptor + ", which systemd handed over, is " + what
                + "; a listener needs a Unix stream socket that listens (ListenStream= with a path, Accept=no)");
    }
}
