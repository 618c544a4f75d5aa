/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What stands at a path, not following a symbolic link there.
 *
 * @param device the device's number
 * @param inode the inode's number
 * @param mode type and permission bits as in inode(7)
 * @param uid its owner, as the C type read signed
 * @param gid its group, likewise
 */
record SocketFile(long device, long inode, int mode, int uid, int gid) {

    private static final int TYPE_MASK = 0170000;
    private static final int PERMISSIONS = 07777;
    private static final int SOCKET = 0140000;
    private static final int SYMBOLIC_LINK = 0120000;

    static Optional<SocketFile> at(Path path) throws SocketPathException {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** What a link in /proc/self/fd leads to. */
    static Optional<SocketFile> behind(Path link) throws SocketPathException {
        return read(link);
    }

    private static Optional<SocketFile> read(Path path, LinkOption... options) throws SocketPathException {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino,mode,uid,gid", options);
            return Optional.of(new SocketFile(
                    ((Number) attributes.get("dev")).longValue(),
                    ((Number) attributes.get("ino")).longValue(),
                    ((Number) attributes.get("mode")).intValue(),
                    ((Number) attributes.get("uid")).intValue(),
                    ((Number) attributes.get("gid")).intValue()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new SocketPathException(path + " cannot be looked at: " + e.getMessage());
        }
    }

    int permissions() {
        return mode & PERMISSIONS;
    }

    boolean isSocket() {
        return (mode & TYPE_MASK) == SOCKET;
    }

    boolean isSymbolicLink() {
        return (mode & TYPE_MASK) == SYMBOLIC_LINK;
    }

    boolean isSameFileAs(SocketFile other) {
        return device == other.device && inode == other.inode;
    }
}
