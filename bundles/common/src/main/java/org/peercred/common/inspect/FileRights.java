/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.util.Optional;
import java.util.Set;
import org.peercred.common.linux.FileStatus;

/**
 * What somebody may do with a file by its owner, group and mode, as <a
 * href="https://man7.org/linux/man-pages/man7/path_resolution.7.html">path_resolution(7)</a> has it. User 0 may do all of it.
 *
 * @param peer who
 * @param accounts tells names for what is said
 */
public record FileRights(SupposedPeer peer, Accounts accounts) {

    private static final int SEARCH = 1;
    private static final int WRITE = 2;

    /**
     * An answer.
     *
     * @param yes whether it may be done; not either where that cannot be told
     * @param reason why
     */
    public record Answer(boolean yes, String reason) {}

    /**
     * Whether a directory may be searched.
     *
     * @param directory its status
     * @return the answer
     */
    public Answer search(FileStatus directory) {
        return answer(directory, SEARCH, "search it");
    }

    /**
     * Whether a socket may be connected to.
     *
     * @param socket its status
     * @return the answer
     */
    public Answer write(FileStatus socket) {
        return answer(socket, WRITE, "write to it");
    }

    /**
     * Whether a symbolic link in a directory is followed where {@code fs.protected_symlinks} is set, for user 0 too.
     *
     * @param link its status
     * @param directory that of the directory it stands in
     * @return whether the kernel follows it
     */
    public boolean mayFollow(FileStatus link, FileStatus directory) {
        return !(directory.isSticky() && directory.isWritableByAll())
                || link.uid() == peer.uid()
                || link.uid() == directory.uid();
    }

    private Answer answer(FileStatus file, int right, String what) {
        if (peer.uid() == 0) {
            return new Answer(true, "user 0 may " + what + ", whatever its mode");
        }
        if (peer.uid() == file.uid()) {
            return answer(file, right << 6, "the owner", what);
        }
        Optional<Boolean> member = isMember(file.gid());
        boolean alike = ((file.mode() >> 3) & right) == (file.mode() & right);
        if (member.isEmpty() && !alike) {
            return new Answer(false, described(file) + ": that depends on groups that are not known");
        }
        return member.orElse(false) ? answer(file, right << 3, "the group", what) : answer(file, right, "others", what);
    }

    private Answer answer(FileStatus file, int bit, String who, String what) {
        boolean yes = (file.mode() & bit) != 0;
        return new Answer(yes, described(file) + ": " + who + (yes ? " may " : " may not ") + what);
    }

    private String described(FileStatus file) {
        return "%s:%s %04o".formatted(accounts.user(file.uid()), accounts.group(file.gid()), file.permissions());
    }

    private Optional<Boolean> isMember(long gid) {
        if (peer.isGidKnown() && peer.gid() == gid) {
            return Optional.of(true);
        }
        Optional<Set<Long>> groups = peer.groups().value();
        if (groups.isPresent() && groups.get().contains(gid)) {
            return Optional.of(true);
        }
        return groups.isPresent() && peer.isGidKnown() ? Optional.of(false) : Optional.empty();
    }
}
