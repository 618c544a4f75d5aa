/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

/** A process held by a pidfd. Every method takes the lock, so that none uses the descriptor after it was given back. */
final class PidProcess implements PinnedProcess {

    private static final int CLOSED = -1;
    private static final long UNASKED = -1;

    private final ProcessTable processes;
    private final int pid;

    private int descriptor;
    private long identity = UNASKED;
    private Fact<Long> startTime;
    private Fact<Path> executable;
    private Fact<ControlGroup> controlGroup;
    private Fact<List<Ancestor>> ancestors;

    /**
     * Takes over a pidfd.
     *
     * @param processes answers
     * @param descriptor a pidfd, closed with this
     * @param pid the number of its process
     */
    PidProcess(ProcessTable processes, int descriptor, int pid) {
        this.processes = processes;
        this.descriptor = descriptor;
        this.pid = pid;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public synchronized int descriptor() {
        return descriptor;
    }

    @Override
    public synchronized long identity() {
        if (identity == UNASKED) {
            identity = descriptor == CLOSED ? 0 : processes.identity(descriptor);
        }
        return identity;
    }

    @Override
    public synchronized boolean alive() {
        return descriptor != CLOSED && processes.alive(descriptor);
    }

    @Override
    public synchronized Fact<Long> startTime() {
        return observe(startTime, fact -> startTime = fact, () -> processes
                .files(descriptor, pid)
                .startTime());
    }

    @Override
    public synchronized Fact<Path> executable() {
        return observe(executable, fact -> executable = fact, () -> processes.executable(descriptor, pid), true);
    }

    @Override
    public synchronized Fact<ControlGroup> controlGroup() {
        return observe(controlGroup, fact -> controlGroup = fact, () -> processes.controlGroup(descriptor, pid));
    }

    @Override
    public synchronized Fact<List<Ancestor>> ancestors() {
        return observe(ancestors, fact -> ancestors = fact, () -> AncestorWalk.from(processes, descriptor, pid));
    }

    @Override
    public synchronized void close() {
        if (descriptor != CLOSED) {
            int open = descriptor;
            descriptor = CLOSED;
            processes.close(open);
        }
    }

    private <T> Fact<T> observe(Fact<T> known, Consumer<Fact<T>> keep, Reading<T> reading) {
        return observe(known, keep, reading, false);
    }

    /**
     * Reads first and asks afterwards whether the process still runs: in this order nothing read can be a successor's. An
     * answer is kept; that a file could not be opened for want of descriptors or memory is none, and is not.
     *
     * @param sound whether what was read says by itself that the process runs
     */
    private <T> Fact<T> observe(Fact<T> known, Consumer<Fact<T>> keep, Reading<T> reading, boolean sound) {
        if (known != null) {
            return known;
        }
        if (descriptor == CLOSED) {
            return Fact.absent(Grade.OBSERVED, "it was closed before anyone asked");
        }
        Fact<T> fact;
        try {
            fact = Fact.observed(reading.read());
        } catch (FileSystemException e) {
            return Fact.absent(Grade.OBSERVED, e.getMessage());
        } catch (IOException e) {
            fact = Fact.absent(Grade.OBSERVED, e.getMessage());
        }
        boolean proved = sound && fact.value().isPresent();
        if (!proved && !processes.alive(descriptor)) {
            fact = Fact.absent(Grade.OBSERVED, "the process has ended");
        }
        keep.accept(fact);
        return fact;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }
}
