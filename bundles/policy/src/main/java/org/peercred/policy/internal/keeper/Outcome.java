/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.keeper;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.peercred.access.Finding;

/** What comes of comparing all files with all configurations once. Used by one thread. */
final class Outcome {

    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Doubt> doubts = new LinkedHashMap<>();

    /** The PIDs of configurations that are what their files say, or are gone with them. */
    private final Set<String> cleared = new HashSet<>();

    private boolean young;

    List<Finding> findings() {
        return findings;
    }

    /** What must not count as it is, by PID. */
    Map<String, Doubt> doubts() {
        return doubts;
    }

    /** Whether something was too young to be judged. */
    boolean isYoung() {
        return young;
    }

    boolean isClear(String pid) {
        return cleared.contains(pid);
    }

    void find(Finding finding) {
        findings.add(finding);
    }

    void doubt(String pid, String problem, boolean closed) {
        doubts.put(pid, new Doubt(pid, problem, closed));
    }

    void clear(String pid) {
        cleared.add(pid);
    }

    /** Something has to be looked at again soon. */
    void await() {
        young = true;
    }

    /**
     * What was closed stays so until its configuration is seen to be what the file says, or neither is there any more.
     *
     * @param doubtsBefore what did not count as it was until now
     * @param foundBefore what was amiss until now
     * @param claimed the PIDs of the configurations that there are files of
     * @param inForce the configurations; empty if they are not known
     */
    void keepClosed(
            Map<String, Doubt> doubtsBefore,
            List<Finding> foundBefore,
            Set<String> claimed,
            Optional<InForce> inForce) {
        for (Doubt doubt : doubtsBefore.values()) {
            String pid = doubt.pid();
            boolean there =
                    claimed.contains(pid) || inForce.map(all -> all.has(pid)).orElse(true);
            if (doubt.closed() && !pid.equals(Doubt.ALL) && there && !cleared.contains(pid)) {
                young = true;
                if (doubts.putIfAbsent(pid, doubt) == null) {
                    foundBefore.stream()
                            .filter(known -> known.problem().equals(doubt.problem()))
                            .forEach(findings::add);
                }
            }
        }
    }
}
