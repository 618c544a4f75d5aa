/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Revision;

/**
 * The policies that ought to be there because a configuration of theirs exists, by the PIDs of these, and what is closed while
 * they are not. Not thread-safe.
 */
final class Absences {

    /**
     * A configuration that exists.
     *
     * @param closed denies what the policy covers; empty if its absence closes nothing
     * @param armed whether its absence counts: the policy was there before, or had the time to come
     * @param last denies what the policy covered last; empty if nothing but the configuration tells that
     * @param born tells a configuration from one that was there before it with the same PID
     */
    private record Expected(Optional<Voter> closed, boolean armed, Optional<Voter> last, long born) {
        Expected withArmed() {
            return new Expected(closed, true, last, born);
        }
    }

    private final Map<String, Expected> expected = new TreeMap<>();
    private final Map<String, Long> news = new HashMap<>();
    private long tickets;
    private int looks;

    /** Begins to look at configurations. What becomes known of one in the meantime is newer than what this look sees. */
    long begin() {
        looks++;
        return ++tickets;
    }

    /** Ends a look. */
    void end() {
        if (--looks == 0) {
            news.clear();
        }
    }

    /**
     * A configuration was seen.
     *
     * @param ticket the look's
     * @param pid the PID
     * @param closed what denies in its policy's stead
     * @param armed whether its policy need not be waited for any more
     * @return what {@link #arm} is to be called with once its policy had the time to come; 0 if there is no need to
     */
    long expect(long ticket, String pid, Optional<Revision> closed, boolean armed) {
        if (isOld(ticket, pid)) {
            return 0;
        }
        Expected before = expected.get(pid);
        Optional<Voter> voter = closed.map(now -> Optional.ofNullable(before)
                .flatMap(Expected::closed)
                .filter(same -> same.stands(now))
                .orElseGet(() -> Voter.of(now)));
        Expected now = before == null
                ? new Expected(voter, armed, Optional.empty(), now())
                : new Expected(voter, armed || before.armed(), before.last(), before.born());
        expected.put(pid, now);
        return before == null && !armed ? now.born() : 0;
    }

    /** The configuration of a policy was seen of which only the past tells what it covers. */
    void exists(long ticket, String pid) {
        if (!isOld(ticket, pid)) {
            expected.putIfAbsent(pid, new Expected(Optional.empty(), true, Optional.empty(), now()));
        }
    }

    /** A configuration was not seen by a look, or was deleted after all looks under way began. */
    void expectNot(long ticket, String pid) {
        if (!isOld(ticket, pid)) {
            expected.remove(pid);
        }
    }

    /** All configurations of policies of this bundle were seen; there are no others. */
    void expectOnly(long ticket, Set<String> pids) {
        List.copyOf(expected.keySet()).stream()
                .filter(pid -> !pids.contains(pid) && !isForeign(pid))
                .forEach(pid -> expectNot(ticket, pid));
    }

    /** Those whose policies are not of this bundle. */
    List<String> foreign() {
        return expected.keySet().stream().filter(Absences::isForeign).toList();
    }

    static boolean isForeign(String pid) {
        return !pid.equals(PolicyKind.ALL_PIDS) && PolicyKind.ofInstance(pid).isEmpty();
    }

    private boolean isOld(long ticket, String pid) {
        // Where no look is under way nobody comes with anything older.
        return looks > 0 && news.merge(pid, ticket, Math::max) > ticket;
    }

    /** A ticket for what just happened. */
    long now() {
        return ++tickets;
    }

    /** A policy is there: from now on its absence counts. */
    void arrived(String pid) {
        expected.computeIfPresent(pid, (key, before) -> before.withArmed());
    }

    /**
     * A policy goes.
     *
     * @param last denies what it covered last; empty if nothing but the configuration tells what its absence closes
     */
    void gone(String pid, Optional<Revision> last) {
        expected.computeIfPresent(
                pid, (key, before) -> new Expected(before.closed(), true, last.map(Voter::of), before.born()));
    }

    /** The policy of a configuration had the time to come, unless that was deleted meanwhile. */
    void arm(String pid, long born) {
        expected.computeIfPresent(pid, (key, before) -> before.born() == born ? before.withArmed() : before);
    }

    /**
     * What denies in the stead of those that are not there.
     *
     * @param present the PIDs of those that are
     */
    List<Voter> voters(Set<String> present) {
        List<Voter> voters = new ArrayList<>();
        expected.forEach((pid, policy) -> {
            if (policy.armed() && !present.contains(pid)) {
                policy.closed().ifPresent(voters::add);
                policy.last().ifPresent(voters::add);
            }
        });
        return voters;
    }
}
