/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

/** The socket that a listener listens on, by whomever it was made. Not thread-safe, but for what says so. */
public sealed interface OpenSocket permits ListeningSocket, AbstractSocket, PassedSocket {

    /** The listening descriptor, non-blocking. */
    int descriptor();

    /**
     * Where clients find it. May be called by any thread.
     *
     * @return a path, or {@code @NAME} for an abstract socket
     */
    String place();

    /**
     * Whether it is the one that a listener's {@code path} asks for. May be called by any thread.
     *
     * @param path as it is written in a configuration
     * @return whether it is, in place or not
     */
    boolean isFor(String path);

    /** Whether clients can still reach it, as far as that can be told. May be called by any thread. */
    boolean isInPlace();

    /** Whether others have it as well, so that who connects while nobody listens here is not refused but waits. */
    boolean isShared();

    /**
     * Sets who may reach it, where that is a listener's to say.
     *
     * @param access what it shall be
     * @throws SocketPathException if the kernel refuses, or the file is no longer ours; it stays as it was
     */
    void apply(Access access) throws SocketPathException;

    /**
     * Sets how many connections may wait to be accepted, where that is a listener's to say.
     *
     * @param backlog 1 or greater
     */
    void backlog(int backlog);

    /** Gives up the place, so that another socket can have it; what was connected stays. Again, does nothing. */
    void unlink();

    /** Gives up the place and closes the descriptor; again, does nothing. */
    void close();
}
