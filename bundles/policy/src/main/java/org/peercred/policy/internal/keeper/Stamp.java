/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.peercred.common.linux.FileStatus;

/**
 * Tells a file from what it was before: contents, permissions and what a symbolic link leads to.
 *
 * @param inode the number of the file behind all links, 0 where there is none
 * @param size its size in bytes
 * @param written when it was written last
 * @param changed when anything about it changed last, which nobody can set
 * @param regular whether it is a regular file
 */
record Stamp(long inode, long size, FileTime written, FileTime changed, boolean regular) {

    /** Of what is there but cannot be looked at, a link that leads nowhere for instance. */
    static final Stamp NONE = new Stamp(0, 0, FileTime.fromMillis(0), FileTime.fromMillis(0), false);

    static Stamp of(Path file) {
        try {
            FileStatus found = FileStatus.followed(file);
            return new Stamp(found.inode(), found.size(), found.modified(), found.changed(), found.isRegular());
        } catch (IOException | UnsupportedOperationException e) {
            return NONE;
        }
    }

    /**
     * Whether nothing about it changed since then, or for so long, by the clock on the wall. A change that is still to come by that
     * clock was made before the clock was set back.
     */
    boolean isOlderThan(Instant then, Duration age) {
        Instant last = changed.toInstant();
        Instant now = Instant.now();
        return last.isBefore(then) || last.isBefore(now.minus(age)) || last.isAfter(now);
    }
}
