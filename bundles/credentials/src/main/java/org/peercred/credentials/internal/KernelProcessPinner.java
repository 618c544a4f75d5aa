/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import org.peercred.common.linux.Errno;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;

/** Pins processes by {@code pidfd_open(2)}. */
final class KernelProcessPinner implements ProcessPinner {

    private final ProcessTable processes;

    KernelProcessPinner(ProcessTable processes) {
        this.processes = processes;
    }

    @Override
    public Fact<PinnedProcess> pin(int pid) throws SystemCallException {
        if (pid < 1) {
            throw new IllegalArgumentException("A process id is 1 or greater, not " + pid + ".");
        }
        int descriptor = processes.open(pid);
        if (descriptor < 0) {
            return absent(
                    switch (-descriptor) {
                        case Errno.ESRCH -> "no process has the number " + pid;
                        // EINVAL up to Linux 6.14, ENOENT since.
                        case Errno.EINVAL, Errno.ENOENT -> pid + " is the number of a thread, not of a process";
                        case Errno.ENOSYS -> "this kernel has no pidfd_open (before Linux 5.3)";
                        default -> throw new SystemCallException("pidfd_open(" + pid + ")", Errno.name(-descriptor));
                    });
        }
        try {
            PidProcess process = new PidProcess(processes, descriptor, pid);
            Fact<Long> startTime = process.startTime();
            if (startTime.value().isEmpty()) {
                process.close();
                return absent(startTime.absence());
            }
            return Fact.observed(process);
        } catch (Throwable e) {
            processes.close(descriptor);
            throw e;
        }
    }

    private static Fact<PinnedProcess> absent(String reason) {
        return Fact.absent(Grade.OBSERVED, reason);
    }
}
