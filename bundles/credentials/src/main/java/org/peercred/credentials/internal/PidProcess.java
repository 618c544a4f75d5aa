/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;

/** A process held by a pidfd. Every method takes the lock, so that none uses the descriptor after it was given back. */
final class PidProcess implements PinnedProcess {

    private static final int CLOSED = -1;
    private static final String ENDED = "the process has ended";

    private final ProcessTable processes;
    private final int pid;

    private int descriptor;
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
    public synchronized boolean alive() {
        return descriptor != CLOSED && processes.alive(descriptor);
    }

    @Override
    public synchronized Fact<Long> startTime() {
        if (startTime == null) {
            if (descriptor == CLOSED) {
                return closed();
            }
            startTime = observe(() -> processes.files(descriptor, pid).startTime());
        }
        return startTime;
    }

    @Override
    public synchronized Fact<Path> executable() {
        if (executable == null) {
            if (descriptor == CLOSED) {
                return closed();
            }
            executable = observe(() -> processes.files(descriptor, pid).executable());
        }
        return executable;
    }

    @Override
    public synchronized Fact<ControlGroup> controlGroup() {
        if (controlGroup == null) {
            if (descriptor == CLOSED) {
                return closed();
            }
            controlGroup = observe(() -> processes.files(descriptor, pid).controlGroup());
        }
        return controlGroup;
    }

    @Override
    public synchronized Fact<List<Ancestor>> ancestors() {
        if (ancestors == null) {
            if (descriptor == CLOSED) {
                return closed();
            }
            ancestors = AncestorWalk.from(processes, descriptor, pid);
        }
        return ancestors;
    }

    @Override
    public synchronized void close() {
        if (descriptor != CLOSED) {
            int open = descriptor;
            descriptor = CLOSED;
            processes.close(open);
        }
    }

    /** Reads first and asks afterwards whether the process still runs: in this order nothing read can be a successor's. */
    private <T> Fact<T> observe(Reading<T> reading) {
        Fact<T> fact;
        try {
            fact = Fact.observed(reading.read());
        } catch (IOException e) {
            fact = Fact.absent(Grade.OBSERVED, reason(e));
        }
        return processes.alive(descriptor) ? fact : Fact.absent(Grade.OBSERVED, ENDED);
    }

    private static <T> Fact<T> closed() {
        return Fact.absent(Grade.OBSERVED, "it was closed before anyone asked");
    }

    /** Half a sentence that says why something could not be read. */
    static String reason(IOException failure) {
        if (failure instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + " cannot be read: " + file.getReason();
        }
        return failure.getMessage();
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }
}
