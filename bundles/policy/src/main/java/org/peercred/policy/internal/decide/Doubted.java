/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peercred.access.Finding.Area;
import org.peercred.access.PolicyScope;
import org.peercred.common.config.ConfigSource;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Revision;
import org.peercred.policy.internal.keeper.Doubt;
import org.peercred.policy.internal.keeper.FileName;

/**
 * Policies whose configurations must not count as they are.
 *
 * @param standIns deny in the stead of those of which nothing counts
 * @param doubts all of them, by PID
 */
record Doubted(List<Voter> standIns, Map<String, Doubt> doubts) {

    static final Doubted NONE = new Doubted(List.of(), Map.of());

    /** It is not known which those are: nobody is let in. */
    static final Doubted UNKNOWN = new Doubted(
            List.of(Voter.of(Revision.closed(
                    "configurations",
                    PolicyScope.EVERYTHING,
                    "It is not known yet which configurations must not count as they are."))),
            Map.of());

    static Doubted of(Map<String, Doubt> doubts) {
        List<Voter> standIns = doubts.values().stream()
                .filter(doubt ->
                        doubt.closed() && (doubt.pid().equals(Doubt.ALL) || FileName.area(doubt.pid()) == Area.POLICY))
                .map(doubt -> Voter.of(Revision.closed(id(doubt.pid()), PolicyScope.EVERYTHING, doubt.problem())))
                .toList();
        return new Doubted(standIns, Map.copyOf(doubts));
    }

    /** The same but for one, whose configuration would be another. */
    Doubted without(String pid) {
        if (!doubts.containsKey(pid)) {
            return this;
        }
        Map<String, Doubt> others = new HashMap<>(doubts);
        others.remove(pid);
        return of(others);
    }

    /** Whether a policy with these PIDs must not be asked. */
    boolean standsFor(Set<String> pids) {
        return pids.stream().map(doubts::get).anyMatch(doubt -> doubt != null && doubt.closed());
    }

    /** The policy with these PIDs, as it stands. */
    Voter shown(Voter voter, Set<String> pids) {
        Set<String> doubtful = new HashSet<>(pids);
        doubtful.retainAll(doubts.keySet());
        return doubtful.stream()
                .findAny()
                .map(pid -> voter.lastGood(doubts.get(pid).problem()))
                .orElse(voter);
    }

    private static String id(String pid) {
        return PolicyKind.ofInstance(pid)
                .map(kind -> kind.id(ConfigSource.of(Map.of("service.pid", pid), kind.pid())))
                .orElse(pid.equals(Doubt.ALL) ? "configurations" : pid);
    }
}
