/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The directories on the way to a file, as the kernel walks it: from the root on, through symbolic links, those of each link
 * included. Whoever may write to one of them can put another file in the place of the one that is named.
 */
final class SafeWay {

    /** As many links as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private final long daemonUid;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private Path here;
    private int links;

    private SafeWay(long daemonUid, Path root) {
        this.daemonUid = daemonUid;
        this.here = root;
    }

    /**
     * Looks for a directory that somebody else can write to.
     *
     * @param file an absolute path
     * @param daemonUid who may, besides root
     * @return what is wrong, half a sentence that names the directory; empty if nothing is
     */
    static Optional<String> objection(Path file, long daemonUid) {
        SafeWay way = new SafeWay(daemonUid, file.getRoot());
        way.turnTo(file.getParent());
        try {
            return way.walk();
        } catch (IOException e) {
            return Optional.of("is below " + way.here + ", which cannot be looked at");
        }
    }

    private Optional<String> walk() throws IOException {
        Optional<String> objection = directory();
        while (objection.isEmpty() && !ahead.isEmpty()) {
            Path next = ahead.pop();
            if (next.toString().equals("..")) {
                here = here.getParent() == null ? here : here.getParent();
                continue;
            }
            Path there = here.resolve(next);
            Optional<FileStamp> stamp = FileStamp.of(there);
            if (stamp.isPresent() && stamp.get().symbolicLink()) {
                objection = link(there, stamp.get());
            } else {
                here = there;
                objection = directory();
            }
        }
        return objection.or(this::lastDirectory);
    }

    /** Even in a sticky directory others can make the file, and so move there one that root wrote elsewhere for another end. */
    private Optional<String> lastDirectory() {
        return FileStamp.of(here).filter(stamp -> !stamp.writableByOthers()).isPresent()
                ? Optional.empty()
                : Optional.of("is in " + here + ", where others than root and the daemon can move a file to");
    }

    private Optional<String> link(Path link, FileStamp stamp) throws IOException {
        if (++links > MOST_LINKS) {
            return Optional.of("is behind too many symbolic links");
        }
        if (!stamp.belongsTo(daemonUid)) {
            // Where everybody may make files, as in /tmp, anybody may have made it.
            return Optional.of("is behind the symbolic link " + link + ", which belongs to uid " + stamp.owner()
                    + ", neither to root nor to the daemon");
        }
        turnTo(Files.readSymbolicLink(link));
        return Optional.empty();
    }

    private void turnTo(Path path) {
        if (path.isAbsolute()) {
            here = path.getRoot();
        }
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            if (!path.getName(i).toString().isEmpty()
                    && !path.getName(i).toString().equals(".")) {
                ahead.push(path.getName(i));
            }
        }
    }

    /**
     * In a sticky directory, such as {@code /tmp}, everybody may make files, but only the owner of one can take it away or put
     * another in its place. So a directory or link that is there already and belongs to root or the daemon is safe; all that follows is looked at.
     */
    private Optional<String> directory() {
        Optional<FileStamp> stamp = FileStamp.of(here);
        if (stamp.isEmpty()) {
            return Optional.of("is below " + here + ", which cannot be looked at");
        }
        if (!stamp.get().belongsTo(daemonUid)) {
            return Optional.of("is below " + here + ", which belongs to uid "
                    + stamp.get().owner() + ", neither to root nor to the daemon");
        }
        return stamp.get().writableByOthers() && !stamp.get().sticky()
                ? Optional.of("is below " + here + ", which others than root and the daemon can write to")
                : Optional.empty();
    }
}
