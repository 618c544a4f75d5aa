/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.FileStatus;

/**
 * Clears the way for a new socket. Removed is only a socket on which nobody listens: connect(2) was refused twice, some time
 * apart, and it is still the same file. Any other thing at the path stays.
 */
final class StaleSocket {

    private static final int AF_UNIX = 1;
    private static final int STREAM_NONBLOCK_CLOEXEC = 1 | 0x80800;
    private static final long APART = TimeUnit.MILLISECONDS.toNanos(200);

    private final LibC libc;

    StaleSocket(LibC libc) {
        this.libc = libc;
    }

    /**
     * Looks what stands in the way, and changes nothing.
     *
     * @return the file of a socket on which nobody seems to listen; empty if there is nothing
     */
    Optional<FileStatus> look(Path path, boolean mayRemove) throws SocketPathException {
        Optional<FileStatus> there = SocketFiles.at(path);
        if (there.isEmpty()) {
            return there;
        }
        if (there.get().isSymbolicLink()) {
            throw new SocketPathException(path + " is a symbolic link");
        }
        if (!there.get().isSocket()) {
            throw new SocketPathException(path + " exists and is no socket");
        }
        if (!mayRemove) {
            throw new SocketPathException(path + " exists, and stale = fail");
        }
        requireDead(path);
        return there;
    }

    void clear(Path path, boolean mayRemove) throws SocketPathException {
        Optional<FileStatus> there = look(path, mayRemove);
        if (there.isEmpty()) {
            return;
        }
        pause();
        requireDead(path);
        Optional<FileStatus> now = SocketFiles.at(path);
        if (now.isEmpty()) {
            return;
        }
        if (!now.get().isSameFileAs(there.get())) {
            throw new SocketPathException(path + " is being used by another program");
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new SocketPathException(path + " is left over and cannot be removed: " + e.getMessage());
        }
    }

    private void requireDead(Path path) throws SocketPathException {
        int errno = connect(path);
        if (errno != Errno.ECONNREFUSED && errno != Errno.ENOENT) {
            throw new SocketPathException(
                    path + " exists, and whether anybody listens on it cannot be told: " + Errno.name(errno));
        }
    }

    /** Tries to connect; the errno. */
    private int connect(Path path) throws SocketPathException {
        int descriptor = libc.socket(AF_UNIX, STREAM_NONBLOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new SocketPathException("no socket can be opened: " + Errno.name(LibC.errno()));
        }
        try {
            int errno = new UnixAddress(path.toString()).connect(libc, descriptor);
            if (errno != 0) {
                return errno;
            }
            Optional<SocketHolder> holder = SocketHolder.behind(libc, descriptor);
            throw holder.isPresent()
                    ? new HeldPathException(path.toString(), holder.get())
                    : new SocketPathException("another program is listening on " + path);
        } finally {
            libc.close(descriptor);
        }
    }

    private static void pause() {
        long end = System.nanoTime() + APART;
        for (long left = APART; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
