/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PeerProcess.Ancestor;

/**
 * Walks from a pinned process up to process 1. A number read from a child may name a stranger by the time it is used, so each
 * parent is pinned and the child asked again: if it still names that number, the pinned process is its parent. All stay
 * pinned until the end, when all must be alive: only then did they stand above each other at one and the same time.
 */
final class AncestorWalk {

    /** Each hop costs a descriptor, and how deep a process stands is for its user to choose. */
    static final int DEEPEST = 64;

    private final ProcessTable processes;
    private final List<Hop> hops = new ArrayList<>();

    private AncestorWalk(ProcessTable processes) {
        this.processes = processes;
    }

    private record Hop(int descriptor, int pid) {}

    /**
     * Walks.
     *
     * @param processes answers
     * @param pidDescriptor the pinned process to start from, which stays open
     * @param pid its number
     * @return the ancestors, nearest first; absent if one of them, or the process itself, ended meanwhile
     */
    static Fact<List<Ancestor>> from(ProcessTable processes, int pidDescriptor, int pid) {
        AncestorWalk walk = new AncestorWalk(processes);
        try {
            return Fact.observed(walk.ancestors(new Hop(pidDescriptor, pid)));
        } catch (IOException e) {
            return Fact.absent(Grade.OBSERVED, PidProcess.reason(e));
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
            Hop parent = new Hop(pin(parentPid), parentPid);
            hops.add(parent);
            if (processes.parent(child.descriptor(), child.pid()) != parentPid) {
                throw new IOException("an ancestor ended while the ancestors were read");
            }
            ancestors.add(new Ancestor(
                    parentPid, processes.files(parent.descriptor(), parentPid).startTime()));
            child = parent;
            parentPid = processes.parent(child.descriptor(), child.pid());
        }
        for (Hop hop : hops) {
            if (!processes.alive(hop.descriptor())) {
                throw new IOException("an ancestor ended while the ancestors were read");
            }
        }
        if (!processes.alive(start.descriptor())) {
            throw new IOException("the process has ended");
        }
        return List.copyOf(ancestors);
    }

    private int pin(int pid) throws IOException {
        int descriptor = processes.open(pid);
        if (descriptor < 0) {
            throw new IOException(
                    descriptor == -Errno.ESRCH
                            ? "an ancestor ended while the ancestors were read"
                            : "pidfd_open failed: " + Errno.name(-descriptor));
        }
        return descriptor;
    }
}
