/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.peercred.credentials.PinnedProcess;

/** Pinned processes by number and start time. Immutable but for the processes, which may end. */
final class PinIndex {

    private final int[] pids;
    private final long[] startTimes;
    private final PinnedProcess[] processes;
    private final Map<Integer, String> problems = new HashMap<>();

    PinIndex(List<Pinning> pinnings) {
        for (Pinning pinning : pinnings) {
            if (pinning.process().isEmpty() && pinning.pid().isPresent()) {
                problems.put(pinning.pid().getAsInt(), pinning.problem());
            }
        }
        processes = pinnings.stream()
                .flatMap(pinning -> pinning.process().stream())
                .sorted(Comparator.comparingInt(PinnedProcess::pid).thenComparingLong(PinIndex::startTime))
                .toArray(PinnedProcess[]::new);
        pids = new int[processes.length];
        startTimes = new long[processes.length];
        for (int i = 0; i < processes.length; i++) {
            pids[i] = processes[i].pid();
            startTimes[i] = startTime(processes[i]);
        }
    }

    private static long startTime(PinnedProcess process) {
        return process.startTime().value().orElseThrow();
    }

    boolean isEmpty() {
        return pids.length == 0;
    }

    /** Whether some process of that number is pinned; costs a binary search. */
    boolean has(int pid) {
        int at = first(pid);
        return at < pids.length && pids[at] == pid;
    }

    /** Whether that very process is pinned and still alive. */
    boolean holds(int pid, long startTime) {
        for (int i = first(pid); i < pids.length && pids[i] == pid; i++) {
            if (startTimes[i] == startTime && processes[i].alive()) {
                return true;
            }
        }
        return false;
    }

    /** Why a number that was named is not pinned; empty if it was not named. */
    Optional<String> problem(int pid) {
        return problems.isEmpty() ? Optional.empty() : Optional.ofNullable(problems.get(pid));
    }

    private int first(int pid) {
        int low = 0;
        int high = pids.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pids[middle] < pid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
