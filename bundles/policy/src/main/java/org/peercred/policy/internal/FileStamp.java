/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What tells one state of a file from another, by one {@code lstat(2)}.
 *
 * @param attributes device, inode, mode, owner, size, times
 */
record FileStamp(Map<String, Object> attributes) {

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;
    private static final String WANTED = "unix:dev,ino,mode,uid,size,lastModifiedTime,ctime";

    /** Looks at a file, not following a link; empty where there is none to be seen. */
    static Optional<FileStamp> of(Path path) {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Looks at where a path leads. */
    static Optional<FileStamp> followed(Path path) {
        return read(path);
    }

    private static Optional<FileStamp> read(Path path, LinkOption... options) {
        try {
            return Optional.of(new FileStamp(Map.copyOf(Files.readAttributes(path, WANTED, options))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean regular() {
        return (mode() & TYPE) == REGULAR;
    }

    boolean symbolicLink() {
        return (mode() & TYPE) == SYMBOLIC_LINK;
    }

    boolean writableByOthers() {
        return (mode() & WRITABLE_BY_OTHERS) != 0;
    }

    /** Whether only their owners can take files out of this directory. */
    boolean sticky() {
        return (mode() & STICKY) != 0;
    }

    /** The owner's uid, 0 to 4294967295. */
    long owner() {
        return Integer.toUnsignedLong((Integer) attributes.get("uid"));
    }

    /** When the contents were written, milliseconds since 1970. */
    long written() {
        return ((FileTime) attributes.get("lastModifiedTime")).toMillis();
    }

    private int mode() {
        return (Integer) attributes.get("mode");
    }
}
