/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.peercred.credentials.ControlGroup;

/**
 * Control groups by the number that the kernel has for each. One of version 2 has one path for as long as it exists, since that file
 * system has no rename, and its number, which is the inode of its directory, is never another one's. So a number that is seen again
 * need not be looked up again. A path is remembered only if its directory has that number. May be used by any thread.
 */
final class ControlGroupIds {

    /** A power of two. */
    private static final int PLACES = 64;

    /** Where systemd and others mount it: by itself, and beside those of version 1. */
    private static final List<Path> MOUNTED = List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"));

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(PLACES);
    private final PidfdInfo info;

    ControlGroupIds(PidfdInfo info) {
        this.info = info;
    }

    /** {@code group} is null where that could not be proved. */
    private record Entry(long id, ControlGroup group) {}

    /** Reads the control group in another way. */
    @FunctionalInterface
    interface Reader {
        /** Reads it. */
        ControlGroup read() throws IOException;
    }

    /**
     * The control group of a process.
     *
     * @param pidDescriptor its pidfd
     * @param reader is asked where it is not known by its number
     * @throws IOException what reading says
     */
    ControlGroup of(int pidDescriptor, Reader reader) throws IOException {
        long id = info.controlGroup(pidDescriptor);
        Entry entry = entries.get(place(id));
        boolean seen = entry != null && entry.id == id;
        if (seen && entry.group != null) {
            return entry.group;
        }
        ControlGroup read = reader.read();
        if (id != 0 && !seen) {
            learn(id, read, pidDescriptor);
        }
        return read;
    }

    private void learn(long id, ControlGroup group, int pidDescriptor) {
        if (hasId(group, id)) {
            entries.set(place(id), new Entry(id, group));
        } else if (info.controlGroup(pidDescriptor) == id) {
            entries.set(place(id), new Entry(id, null));
        }
    }

    private static boolean hasId(ControlGroup group, long id) {
        return MOUNTED.stream().anyMatch(mounted -> hasId(mounted, group, id));
    }

    /** A path that leaves the tree, "/..", is that of a group outside of this process's control group namespace. */
    private static boolean hasId(Path mounted, ControlGroup group, long id) {
        Path directory = Path.of(mounted + group.path());
        try {
            return directory.equals(directory.normalize())
                    && Files.getAttribute(directory, "unix:ino").equals(id)
                    && Files.getFileStore(directory).type().equals("cgroup2");
        } catch (IOException e) {
            return false;
        }
    }

    private static int place(long id) {
        return (int) id & (PLACES - 1);
    }
}
