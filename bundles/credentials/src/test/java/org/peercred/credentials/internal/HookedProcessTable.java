/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.util.function.IntConsumer;

/** The kernel, with something happening between two questions. */
final class HookedProcessTable implements ProcessTable {

    private final ProcessTable kernel;

    /** Called with a pid, before it is pinned. */
    IntConsumer beforeOpen = pid -> {};

    /** Called with a pid, after it was pinned. */
    IntConsumer afterOpen = pid -> {};

    /** Called with a pid, after its directory was found to be its own and before a file in it is read. */
    IntConsumer afterFiles = pid -> {};

    /** Called with a descriptor, before its process is asked whether it is alive. */
    IntConsumer beforeAlive = descriptor -> {};

    /** How many processes were pinned by number. */
    int opened;

    /** How many descriptors were given back. */
    volatile int closed;

    HookedProcessTable(ProcessTable kernel) {
        this.kernel = kernel;
    }

    @Override
    public int open(int pid) {
        beforeOpen.accept(pid);
        int descriptor = kernel.open(pid);
        opened++;
        afterOpen.accept(pid);
        return descriptor;
    }

    @Override
    public synchronized void close(int pidDescriptor) {
        closed++;
        kernel.close(pidDescriptor);
    }

    @Override
    public boolean alive(int pidDescriptor) {
        beforeAlive.accept(pidDescriptor);
        return kernel.alive(pidDescriptor);
    }

    @Override
    public int parent(int pidDescriptor, int pid) throws IOException {
        return kernel.parent(pidDescriptor, pid);
    }

    @Override
    public ProcFiles files(int pidDescriptor, int pid) throws IOException {
        ProcFiles files = kernel.files(pidDescriptor, pid);
        afterFiles.accept(pid);
        return files;
    }

    /** Does what may throw, inside of a hook. */
    static void unchecked(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A part of a test. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
