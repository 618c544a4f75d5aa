/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.peercred.common.linux.Errno;
import org.peercred.credentials.PeerProcess.Ancestor;

/**
 * Walks from a pinned process up to process 1. A number read from a child may name a stranger by the time it is used, so each
 * parent is pinned and the child asked again: if it still names that number, the pinned process is its parent. All stay
 * pinned until the end, when all must be alive: only then did they stand above each other at one and the same time.
 */
final class AncestorWalk {

    /** Each hop costs a descriptor, and how deep a process stands is for its user to choose. */
    static final int DEEPEST = 64;

    private static final String ENDED = "an ancestor ended while the ancestors were read";

    private final ProcessTable processes;
    private final List<Hop> hops = new ArrayList<>(DEEPEST);

    private AncestorWalk(ProcessTable processes) {
        this.processes = processes;
    }

    private record Hop(int descriptor, int pid) {}

    /**
     * Walks. The caller checks afterwards that the process itself still runs.
     *
     * @param processes answers
     * @param pidDescriptor the pinned process to start from, which stays open
     * @param pid its number
     * @return the ancestors, nearest first
     * @throws IOException if one of them ended meanwhile or cannot be read; the message is half a sentence that says why
     */
    static List<Ancestor> from(ProcessTable processes, int pidDescriptor, int pid) throws IOException {
        AncestorWalk walk = new AncestorWalk(processes);
        try {
            return walk.ancestors(new Hop(pidDescriptor, pid));
        } finally {
            walk.hops.forEach(hop -> processes.close(hop.descriptor()));
        }
    }

    private List<Ancestor> ancestors(Hop start) throws IOException {
        List<Ancestor> ancestors = new ArrayList<>();
        Hop child = start;
        int parentPid = processes.parent(child.descriptor(), child.pid());
        while (parentPid > 1) {
            if (hops.size() == DEEPEST) {
                throw new IOException("it has more than " + DEEPEST + " ancestors");
            }
            Hop parent = hop(parentPid);
            if (processes.parent(child.descriptor(), child.pid()) != parentPid) {
                throw new IOException(ENDED);
            }
            ancestors.add(new Ancestor(
                    parentPid, processes.files(parent.descriptor(), parentPid).startTime()));
            child = parent;
            parentPid = processes.parent(child.descriptor(), child.pid());
        }
        for (Hop hop : hops) {
            if (!processes.alive(hop.descriptor())) {
                throw new IOException(ENDED);
            }
        }
        return List.copyOf(ancestors);
    }

    private Hop hop(int pid) throws IOException {
        int descriptor = pin(pid);
        try {
            Hop hop = new Hop(descriptor, pid);
            hops.add(hop);
            return hop;
        } catch (Throwable e) {
            processes.close(descriptor);
            throw e;
        }
    }

    private int pin(int pid) throws IOException {
        int descriptor = processes.open(pid);
        if (descriptor >= 0) {
            return descriptor;
        }
        throw switch (-descriptor) {
            case Errno.ESRCH -> new IOException(ENDED);
            case Errno.ENOSYS -> new IOException("this kernel has no pidfd_open (before Linux 5.3)");
            default -> new FileSystemException("pidfd_open", null, Errno.name(-descriptor));
        };
    }
}
