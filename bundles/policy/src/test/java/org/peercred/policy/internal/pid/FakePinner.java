/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;
import org.peercred.policy.internal.testing.FakeProcess;

/** A table of processes that come and go as a test wants it. */
public final class FakePinner implements ProcessPinner {

    private final Map<Integer, Long> running = new HashMap<>();
    public final List<FakeProcess> handedOut = new ArrayList<>();
    public String errno = "";
    public String limit = "";

    /** How many processes may be held at a time: there are no descriptors for more. */
    public int room = Integer.MAX_VALUE;

    /** How many of the next attempts end in an error. */
    public int errors;

    /** Starts a process so many seconds ago. */
    public FakePinner start(int pid, int secondsAgo) {
        running.put(pid, ticks(secondsAgo));
        return this;
    }

    /** Ends a process; its number is free for another. */
    public void end(int pid) {
        running.remove(pid);
        handedOut.stream().filter(p -> p.pid() == pid).forEach(p -> p.alive = false);
    }

    /** The process that has a number now, as a peer. */
    public FakeProcess now(int pid) {
        return new FakeProcess(pid, running.get(pid));
    }

    public static long ticks(int secondsAgo) {
        long sinceBoot = BootClock.ofThisSystem().orElseThrow().sinceBoot();
        return (sinceBoot - secondsAgo * 1000L) / BootClock.TICK_MILLIS;
    }

    /** How many are held at the moment. */
    public long open() {
        return handedOut.stream().filter(p -> !p.closed).count();
    }

    @Override
    public Fact<PinnedProcess> pin(int pid) throws SystemCallException {
        if (errors > 0) {
            errors--;
            throw new OutOfMemoryError("a test of running out of memory");
        }
        if (open() >= room) {
            throw new SystemCallException("pidfd_open(" + pid + ")", "EMFILE");
        }
        if (!errno.isEmpty()) {
            throw new SystemCallException("pidfd_open(" + pid + ")", errno);
        }
        if (!limit.isEmpty()) {
            return Fact.absent(Grade.OBSERVED, limit);
        }
        if (!running.containsKey(pid)) {
            return Fact.absent(Grade.OBSERVED, "no process has the number " + pid);
        }
        FakeProcess process = now(pid);
        handedOut.add(process);
        return Fact.observed(process);
    }
}
