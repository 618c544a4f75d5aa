/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * The processes that are asked about again and again, a few of them, each with its directory in {@code /proc} held open. They are known by the inodes
 * of their pidfds, which the kernel gives to one process only, ever (Linux 6.9); never by their numbers, which others get after them.
 * What cannot be told this way, on an older kernel too, is empty. May be used by any thread.
 */
final class HeldProcesses {

    /** The most that are held: each takes two descriptors. */
    static final int MOST = 16;

    /** A process is held once it is asked about for the second time; so many are remembered before that. A power of two. */
    private static final int SEEN = 64;

    private final Native system;
    private final StatusFields status;
    private final PidInodes inodes;
    private final Entry[] entries = new Entry[MOST];
    private final long[] seen = new long[SEEN];
    private long turn;
    private boolean closed;

    /** One that is held; guarded by the lock of the table. */
    private static final class Entry {
        private final long inode;
        private final HeldProcess process;
        private long used;
        private int users;
        private boolean dropped;

        Entry(long inode, HeldProcess process) {
            this.inode = inode;
            this.process = process;
        }
    }

    /** Opens the directory of a process, for certain that process's. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens it.
         *
         * @return a descriptor that the caller closes; negative if there is none
         */
        int open() throws IOException;
    }

    HeldProcesses(Native system) {
        this.system = system;
        status = new StatusFields(system.libc());
        inodes = new PidInodes(system, status);
    }

    /**
     * Asks the process of a pidfd.
     *
     * @param pidDescriptor the pidfd
     * @param opener opens its directory, if need be
     * @param question what is asked
     * @return the answer; empty where it is to be asked for in another way
     * @throws IOException if the process has ended, or {@code /proc} does not show it
     */
    <T> Optional<T> ask(int pidDescriptor, Opener opener, Function<HeldProcess, Optional<T>> question)
            throws IOException {
        long inode = inodes.of(pidDescriptor);
        Entry entry = inode == 0 ? null : take(inode, opener);
        if (entry == null) {
            return Optional.empty();
        }
        try {
            return question.apply(entry.process);
        } finally {
            giveBack(entry);
        }
    }

    /** What tells a process from all others; 0 where the kernel has no such number. */
    long identity(int pidDescriptor) {
        return inodes.of(pidDescriptor);
    }

    /** Gives all descriptors back, those in use when they are not any more. */
    synchronized void close() {
        closed = true;
        for (int i = 0; i < MOST; i++) {
            drop(i);
        }
    }

    private Entry take(long inode, Opener opener) throws IOException {
        synchronized (this) {
            Entry entry = find(inode);
            if (entry != null || closed || !isSeen(inode)) {
                return entry;
            }
        }
        int directory = opener.open();
        if (directory < 0) {
            return null;
        }
        Entry fresh;
        try {
            // All that can fail, before anything is changed for it.
            fresh = new Entry(inode, new HeldProcess(system, status, directory));
        } catch (Throwable e) {
            int ignored = system.libc().close(directory);
            throw e;
        }
        synchronized (this) {
            Entry entry = find(inode);
            if (entry != null || closed) {
                // Another thread was quicker.
                fresh.process.close();
                return entry;
            }
            int place = oldest();
            drop(place);
            fresh.users = 1;
            fresh.used = ++turn;
            entries[place] = fresh;
            return fresh;
        }
    }

    private synchronized void giveBack(Entry entry) {
        entry.users--;
        closeIfUnused(entry);
    }

    private Entry find(long inode) {
        for (Entry entry : entries) {
            if (entry != null && entry.inode == inode) {
                entry.users++;
                entry.used = ++turn;
                return entry;
            }
        }
        return null;
    }

    /** Whether it was there before. Remembers it. */
    private boolean isSeen(long inode) {
        int place = (int) inode & (SEEN - 1);
        boolean known = seen[place] == inode;
        seen[place] = inode;
        return known;
    }

    private int oldest() {
        int oldest = 0;
        for (int i = 0; i < MOST; i++) {
            if (entries[i] == null) {
                return i;
            }
            if (entries[i].used < entries[oldest].used) {
                oldest = i;
            }
        }
        return oldest;
    }

    private void drop(int place) {
        Entry entry = entries[place];
        if (entry != null) {
            entries[place] = null;
            entry.dropped = true;
            closeIfUnused(entry);
        }
    }

    private static void closeIfUnused(Entry entry) {
        if (entry.dropped && entry.users == 0) {
            entry.process.close();
        }
    }
}
