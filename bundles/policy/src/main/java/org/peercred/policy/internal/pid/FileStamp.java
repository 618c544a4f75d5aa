/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.peercred.common.linux.FileStatus;

/**
 * What tells one state of a file from another, by one {@code lstat(2)}.
 *
 * @param status what it is
 */
record FileStamp(FileStatus status) {

    /** Looks at a file, not following a link; empty where there is none to be seen. */
    static Optional<FileStamp> of(Path path) {
        try {
            return Optional.of(new FileStamp(FileStatus.of(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Looks at where a path leads. */
    static Optional<FileStamp> followed(Path path) {
        try {
            return Optional.of(new FileStamp(FileStatus.followed(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether it is the same file, written at the same time: its owner, mode and names may have changed. */
    boolean sameContents(FileStamp other) {
        return status.isSameFileAs(other.status)
                && status.size() == other.status.size()
                && status.modified().equals(other.status.modified());
    }

    boolean regular() {
        return status.isRegular();
    }

    boolean symbolicLink() {
        return status.isSymbolicLink();
    }

    boolean writableByOthers() {
        return status.isWritableByOthers();
    }

    /** Whether only their owners can take files out of this directory. */
    boolean sticky() {
        return status.isSticky();
    }

    /** The owner's uid, 0 to 4294967295. */
    long owner() {
        return status.uid();
    }

    /** Whether it is root's or that user's. */
    boolean belongsTo(long uid) {
        return owner() == 0 || owner() == uid;
    }

    /** When the contents were written, milliseconds since 1970. */
    long written() {
        return status.modified().toMillis();
    }
}
