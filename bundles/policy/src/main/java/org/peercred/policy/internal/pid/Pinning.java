/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.pid;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;

/** An attempt to pin the process that an operator named. What it holds is closed once, by who dropped it last. */
final class Pinning {

    /**
     * Where the number was written down.
     *
     * @param what the file, as it is shown
     * @param path the file
     * @param stamp its state
     */
    record Written(String what, Path path, FileStamp stamp) {}

    private final OptionalInt pid;
    private final Optional<PinnedProcess> process;
    private final String problem;
    private final boolean suspicious;

    private Pinning(OptionalInt pid, Optional<PinnedProcess> process, String problem, boolean suspicious) {
        this.pid = pid;
        this.process = process;
        this.problem = problem;
        this.suspicious = suspicious;
    }

    /** Whether the operator should be told that this grants nothing: there is a process, and it is not meant. */
    boolean suspicious() {
        return suspicious;
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
        return new Pinning(pid, Optional.empty(), problem, false);
    }

    /**
     * Pins a process that started before its number was written down: after a reboot the number may be a stranger's.
     *
     * @param pid the number
     * @param written where; empty if nowhere, so that any process alive now is meant
     * @param pinner pins
     * @param chronicle knows when that was
     * @throws SystemCallException if the kernel does not answer now
     */
    static Pinning of(int pid, Optional<Written> written, ProcessPinner pinner, Chronicle chronicle)
            throws SystemCallException {
        OptionalInt number = OptionalInt.of(pid);
        Fact<PinnedProcess> fact = pinner.pin(pid);
        if (fact.value().isEmpty()) {
            return none(number, fact.absence());
        }
        PinnedProcess process = fact.value().get();
        Optional<Long> started = process.startTime().value();
        Optional<String> objection = started.isEmpty()
                ? Optional.of("it cannot be told when process " + pid + " started")
                : written.flatMap(
                        file -> chronicle.objection(file.path(), file.stamp(), file.what(), pid, started.get()));
        if (objection.isPresent()) {
            process.close();
            return new Pinning(number, Optional.empty(), objection.get(), true);
        }
        return new Pinning(number, Optional.of(process), "", false);
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
