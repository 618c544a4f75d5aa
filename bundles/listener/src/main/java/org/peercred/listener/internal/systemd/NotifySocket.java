/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import org.peercred.common.linux.Errno;
import org.peercred.common.text.ForeignText;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.NativeBuffer;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.socket.UnixAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where systemd is told how a service is, as
 * <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a> does it: one datagram for each message. Never waits.
 * May be used by any thread.
 */
public final class NotifySocket {

    private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

    private static final int AF_UNIX = 1;
    private static final int DATAGRAM_NONBLOCK_CLOEXEC = 2 | 0x80800;
    private static final int MSG_NOSIGNAL = 0x4000;

    private final LibC libc;
    private final String name;
    private final UnixAddress address;
    private boolean failing;

    private NotifySocket(LibC libc, String name, UnixAddress address) {
        this.libc = libc;
        this.name = name;
        this.address = address;
    }

    /**
     * Takes an address. Whether anybody is there shows when something is sent.
     *
     * @param libc the system calls
     * @param name an absolute path, or {@code @NAME} for an abstract socket
     * @return the socket
     * @throws SocketPathException if it is neither, or longer than the kernel takes; half a sentence
     */
    public static NotifySocket of(LibC libc, String name) throws SocketPathException {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        boolean isPath = name.startsWith("/");
        if (!isPath && !(name.startsWith(UnixAddress.ABSTRACT) && length > 1)) {
            throw new SocketPathException("it is neither an absolute path nor an abstract name that begins with @");
        }
        if (length > UnixAddress.LONGEST) {
            throw new SocketPathException(
                    "it has " + length + " bytes, the kernel takes " + UnixAddress.LONGEST + " at most");
        }
        return new NotifySocket(libc, name, new UnixAddress(name));
    }

    /**
     * Sends a message. That it cannot be sent is logged when that begins and when it ends.
     *
     * @param state assignments such as {@code READY=1}, one a line
     * @return whether the kernel took it
     */
    public synchronized boolean send(String state) {
        byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
        NativeBuffer message = new NativeBuffer(bytes.length);
        message.bytes().put(0, bytes);
        int descriptor = libc.socket(AF_UNIX, DATAGRAM_NONBLOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            return failed(LibC.errno());
        }
        try {
            int errno = address.connect(libc, descriptor);
            if (errno != 0) {
                return failed(errno);
            }
            if (libc.send(descriptor, message.address(), message.capacity(), MSG_NOSIGNAL) < 0) {
                return failed(LibC.errno());
            }
        } finally {
            libc.close(descriptor);
            Reference.reachabilityFence(message);
        }
        if (failing) {
            LOG.info("systemd is told again how this service is.");
        }
        failing = false;
        return true;
    }

    private boolean failed(int errno) {
        if (!failing) {
            LOG.warn(
                    "NOTIFY_SOCKET = {}: systemd cannot be told how this service is: {}. It is tried again.",
                    ForeignText.escape(name),
                    Errno.name(errno));
        }
        failing = true;
        return false;
    }
}
