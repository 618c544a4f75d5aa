/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.nio.file.Path;
import java.util.Optional;
import org.peercred.common.linux.Errno;
import org.peercred.common.linux.FileStatus;

/** A file held by an O_PATH descriptor (open(2)), so that what is changed is the file that was looked at. */
final class PinnedPath implements AutoCloseable {

    private static final int O_PATH_CLOEXEC = 010000000 | 02000000;

    private final LibC libc;
    private final int descriptor;
    private final Path path;

    private PinnedPath(LibC libc, int descriptor, Path path) {
        this.libc = libc;
        this.descriptor = descriptor;
        this.path = path;
    }

    static PinnedPath open(LibC libc, Path path) throws SocketPathException {
        int descriptor = libc.open(path.toString(), O_PATH_CLOEXEC | LibC.O_NOFOLLOW, 0);
        if (descriptor < 0) {
            throw new SocketPathException(path + " cannot be opened: " + Errno.name(LibC.errno()));
        }
        return new PinnedPath(libc, descriptor, path);
    }

    boolean isSameFileAs(FileStatus file) throws SocketPathException {
        Optional<FileStatus> now = SocketFiles.behind(Path.of(link()));
        return now.isPresent() && now.get().isSameFileAs(file);
    }

    void chmod(int mode) throws SocketPathException {
        if (libc.chmod(link(), mode) != 0) {
            throw new SocketPathException("the mode of " + path + " cannot be set: " + Errno.name(LibC.errno()));
        }
    }

    void chown(int uid, int gid) throws SocketPathException {
        if (libc.chown(link(), uid, gid) != 0) {
            throw new SocketPathException("owner and group of " + path + " cannot be set: " + Errno.name(LibC.errno()));
        }
    }

    @Override
    public void close() {
        libc.close(descriptor);
    }

    private String link() {
        return "/proc/self/fd/" + descriptor;
    }
}
