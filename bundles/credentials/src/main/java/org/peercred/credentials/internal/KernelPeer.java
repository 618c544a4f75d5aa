/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.util.OptionalInt;
import java.util.Set;
import org.peercred.common.linux.Errno;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;

/**
 * A peer that asks the kernel when it is asked. Small, since there is one for each open connection.
 *
 * <p>The lock makes a fact that is read by a wrong thread, or too late, absent instead of another connection's.
 */
final class KernelPeer implements Peer {

    /** In place of the descriptor, once the peer is closed. */
    private static final int CLOSED = -1;

    private static final String CLOSED_REASON = "the connection is closed";

    private final KernelPeerCredentialProvider kernel;
    private final int pid;
    private final int uid;
    private final int gid;

    private int descriptor;
    private Fact<Set<Long>> groups;
    private Fact<PeerProcess> process;
    private Fact<String> securityLabel;

    KernelPeer(KernelPeerCredentialProvider kernel, int descriptor, int pid, int uid, int gid) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.pid = pid;
        this.uid = uid;
        this.gid = gid;
    }

    @Override
    public OptionalInt pid() {
        return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
    }

    @Override
    public long uid() {
        return Integer.toUnsignedLong(uid);
    }

    @Override
    public long gid() {
        return Integer.toUnsignedLong(gid);
    }

    @Override
    public synchronized Fact<Set<Long>> groups() {
        if (groups == null) {
            if (descriptor == CLOSED) {
                return Fact.absent(Grade.ATTESTED, CLOSED_REASON);
            }
            groups = kernel.options().groups(descriptor, gid());
        }
        return groups;
    }

    @Override
    public synchronized Fact<PeerProcess> process() {
        if (process == null) {
            if (descriptor == CLOSED) {
                return Fact.absent(Grade.ATTESTED, CLOSED_REASON);
            }
            if (pid <= 0) {
                process = Fact.absent(
                        Grade.ATTESTED,
                        uid() == NO_PEER
                                ? "the socket has no peer"
                                : "the peer lives in a PID namespace that is not visible here");
                return process;
            }
            int pidDescriptor = kernel.options().pidDescriptor(descriptor);
            if (pidDescriptor < 0) {
                Fact<PeerProcess> absent = Fact.absent(Grade.ATTESTED, pidDescriptorReason(-pidDescriptor));
                if (!isShortage(-pidDescriptor)) {
                    process = absent;
                }
                return absent;
            }
            process = pinned(pidDescriptor);
        }
        return process;
    }

    private Fact<PeerProcess> pinned(int pidDescriptor) {
        try {
            return Fact.attested(new PidProcess(kernel.processes(), pidDescriptor, pid));
        } catch (Throwable e) {
            // There was no memory for that, and nobody else would close the descriptor.
            kernel.processes().close(pidDescriptor);
            throw e;
        }
    }

    /** These pass: the same question may be answered a moment later, so they are not kept. */
    private static boolean isShortage(int errno) {
        return errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;
    }

    private static String pidDescriptorReason(int errno) {
        return switch (errno) {
            case Errno.ENOPROTOOPT -> "this kernel has no SO_PEERPIDFD (before Linux 6.5)";
            case Errno.ENODATA -> "the socket has no peer";
            case Errno.EINVAL, Errno.ESRCH ->
                "the process has ended, and this kernel pins only processes that have not";
            case Errno.EMFILE ->
                "getsockopt(SO_PEERPIDFD) failed: EMFILE (this process has reached its limit of open files)";
            case Errno.ENFILE ->
                "getsockopt(SO_PEERPIDFD) failed: ENFILE (the system has reached its limit of open files)";
            default -> "getsockopt(SO_PEERPIDFD) failed: " + Errno.name(errno);
        };
    }

    @Override
    public synchronized Fact<String> securityLabel() {
        if (securityLabel == null) {
            if (descriptor == CLOSED) {
                return Fact.absent(Grade.ATTESTED, CLOSED_REASON);
            }
            securityLabel = kernel.options().securityLabel(descriptor);
        }
        return securityLabel;
    }

    @Override
    public synchronized void close() {
        if (descriptor == CLOSED) {
            return;
        }
        descriptor = CLOSED;
        if (process != null && process.value().orElse(null) instanceof PidProcess pinned) {
            pinned.close();
        }
    }
}
