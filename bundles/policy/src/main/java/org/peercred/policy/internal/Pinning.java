/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;

/** An attempt to pin the process that an operator named. What it holds is closed once, by who dropped it last. */
final class Pinning {

    /** The clock and file systems do not tell times any finer. */
    private static final long TOLERANCE_MILLIS = 100;

    /**
     * When the number was written down.
     *
     * @param what the file, as it is shown
     * @param millis milliseconds since 1970; empty if there is no file, so that any process alive now is meant
     */
    record Written(String what, OptionalLong millis) {
        static final Written NOWHERE = new Written("", OptionalLong.empty());
    }

    private final OptionalInt pid;
    private final Optional<PinnedProcess> process;
    private final String problem;

    private Pinning(OptionalInt pid, Optional<PinnedProcess> process, String problem) {
        this.pid = pid;
        this.process = process;
        this.problem = problem;
    }

    /** The number; empty if there is none. */
    OptionalInt pid() {
        return pid;
    }

    /** The process; empty if there is none to be granted anything. */
    Optional<PinnedProcess> process() {
        return process;
    }

    /** Why there is no process, half a sentence; the empty string if there is one. */
    String problem() {
        return problem;
    }

    static Pinning none(OptionalInt pid, String problem) {
        return new Pinning(pid, Optional.empty(), problem);
    }

    /**
     * Pins a process that started before its number was written down: after a reboot the number may be a stranger's.
     *
     * @throws SystemCallException if the kernel does not answer now
     */
    static Pinning of(int pid, Written written, ProcessPinner pinner, BootClock clock) throws SystemCallException {
        OptionalInt number = OptionalInt.of(pid);
        Fact<PinnedProcess> fact = pinner.pin(pid);
        if (fact.value().isEmpty()) {
            return none(number, fact.absence());
        }
        PinnedProcess process = fact.value().get();
        String objection = objection(process, written, clock);
        if (!objection.isEmpty()) {
            process.close();
            return none(number, objection);
        }
        return new Pinning(number, Optional.of(process), "");
    }

    private static String objection(PinnedProcess process, Written written, BootClock clock) {
        Optional<Long> ticks = process.startTime().value();
        OptionalLong booted = clock.booted();
        if (ticks.isEmpty() || booted.isEmpty()) {
            return "it cannot be told when process " + process.pid() + " started";
        }
        if (written.millis().isEmpty()) {
            return "";
        }
        long at = written.millis().getAsLong();
        if (at > System.currentTimeMillis() + TOLERANCE_MILLIS) {
            return written.what() + " is dated in the future";
        }
        long started = booted.getAsLong() + ticks.get() * BootClock.TICK_MILLIS;
        return started > at + TOLERANCE_MILLIS
                ? "process " + process.pid() + " started after " + written.what() + " was written"
                : "";
    }

    /** Whether both hold the same process, or both hold none for the same reason. */
    boolean sameAs(Pinning other) {
        if (process.isEmpty() || other.process.isEmpty()) {
            return process.isEmpty()
                    && other.process.isEmpty()
                    && pid.equals(other.pid)
                    && problem.equals(other.problem);
        }
        PinnedProcess mine = process.get();
        PinnedProcess theirs = other.process.get();
        return mine.pid() == theirs.pid()
                && mine.startTime().value().equals(theirs.startTime().value())
                && mine.alive();
    }

    void close() {
        process.ifPresent(PinnedProcess::close);
    }
}
