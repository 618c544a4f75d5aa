/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks the kernel who is connected. Takes a descriptor, so that any transport can use it.
 *
 * <p>All methods may be called by several threads at once and never block on anything but the system call itself.
 */
@ProviderType
public interface PeerCredentialProvider {

    /**
     * Identifies the process at the other end of a connected Unix domain socket with one {@code getsockopt(SO_PEERCRED)}
     * (see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>). Everything else that a {@link Peer}
     * can tell is asked of the kernel only when somebody asks the peer.
     *
     * <p>The descriptor stays the caller's: the caller closes the peer first and the descriptor afterwards.
     *
     * @param socketDescriptor a descriptor of this process, 0 or greater
     * @return the peer; its ids are those frozen by the kernel at {@code connect()}
     * @throws NotAUnixSocketException if the descriptor is a socket of another family, or no socket at all
     * @throws InvalidDescriptorException if there is no such open descriptor
     * @throws SystemCallException if the kernel answers with another error; the message has the errno's name
     */
    Peer identify(int socketDescriptor) throws PeerCredentialException;

    /**
     * The effective user id of this process, from {@code geteuid(2)}.
     *
     * @return 0 to 4294967295
     */
    long daemonUid();

    /**
     * The id that stands for every user the kernel cannot name in this user namespace, from
     * {@code /proc/sys/kernel/overflowuid} (see <a
     * href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>). It names no user: no
     * grant may rest on it.
     *
     * @return 65534 as a rule
     */
    long overflowUid();

    /**
     * As {@link #overflowUid()}, for groups.
     *
     * @return 65534 as a rule
     */
    long overflowGid();
}
