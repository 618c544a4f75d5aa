/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.peercred.common.linux.FileStatus;

/** Looks at what stands where a socket is, or shall be. */
final class SocketFiles {

    @FunctionalInterface
    private interface Look {
        FileStatus at(Path path) throws IOException;
    }

    private SocketFiles() {}

    /** What stands at a path, not following a symbolic link there. */
    static Optional<FileStatus> at(Path path) throws SocketPathException {
        return look(path, FileStatus::of);
    }

    /** What a link in /proc/self/fd leads to. */
    static Optional<FileStatus> behind(Path link) throws SocketPathException {
        return look(link, FileStatus::followed);
    }

    private static Optional<FileStatus> look(Path path, Look look) throws SocketPathException {
        try {
            return Optional.of(look.at(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SocketPathException(path + " cannot be looked at: " + e.getMessage());
        }
    }
}
