/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import jnr.ffi.Pointer;
import org.peercred.common.linux.Errno;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.InvalidDescriptorException;
import org.peercred.credentials.NotAUnixSocketException;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.SystemCallException;

/**
 * What {@code getsockopt(2)} tells of the other end of a Unix domain socket (see <a
 * href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>). May be used by several threads at once.
 */
final class SocketOptions {

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERSEC = 31;
    private static final int SO_DOMAIN = 39;
    private static final int SO_PEERGROUPS = 59;
    private static final int SO_PEERPIDFD = 77;
    private static final int AF_UNIX = 1;

    /** {@code struct ucred}: s32 pid, u32 uid, u32 gid. */
    private static final int UCRED_BYTES = 12;

    /** No uid and no gid, both at once. */
    private static final long NOBODY = -1;

    /** A block holds the value first and its length in its last bytes. */
    private static final int VALUE_BYTES = ScratchPool.BYTES - Integer.BYTES;

    /** NGROUPS_MAX is 65536; a label is a page at most. */
    private static final int MOST_BYTES = 1 << 20;

    private final Native system;
    private final LibC libc;
    private final ScratchPool scratch;
    private final GroupLists groups = new GroupLists();

    SocketOptions(Native system) {
        this.system = system;
        this.libc = system.libc();
        this.scratch = new ScratchPool(system);
    }

    /** Receives what SO_PEERCRED answered, the numbers as the kernel gave them: a way to return them without an object. */
    @FunctionalInterface
    interface Credentials<T> {
        T with(int descriptor, int pid, int uid, int gid);
    }

    /** Asks SO_PEERCRED: one system call, and a second one only where the answer could be that of a socket of another kind. */
    <T> T credentials(int descriptor, Credentials<T> receiver) throws PeerCredentialException {
        ScratchPool.Scratch block = scratch.take();
        try {
            int errno = get(descriptor, SO_PEERCRED, block, UCRED_BYTES);
            if (errno != 0) {
                throw failure(descriptor, "getsockopt(SO_PEERCRED)", errno);
            }
            Pointer memory = block.memory;
            if (memory.getInt(VALUE_BYTES) != UCRED_BYTES) {
                throw new SystemCallException(
                        "getsockopt(SO_PEERCRED), which answered with " + memory.getInt(VALUE_BYTES)
                                + " bytes instead of " + UCRED_BYTES + ",",
                        "EPROTO");
            }
            int pid = memory.getInt(0);
            int uid = memory.getInt(4);
            int gid = memory.getInt(8);
            if (pid == 0 && uid == -1) {
                requireUnixDomain(descriptor, block);
            }
            return receiver.with(descriptor, pid, uid, gid);
        } finally {
            scratch.giveBack(block);
        }
    }

    /** SO_PEERCRED succeeds on a TCP socket too, with the very answer of a Unix domain socket that is not connected. */
    private void requireUnixDomain(int descriptor, ScratchPool.Scratch block) throws PeerCredentialException {
        int errno = get(descriptor, SO_DOMAIN, block, Integer.BYTES);
        if (errno != 0) {
            throw failure(descriptor, "getsockopt(SO_DOMAIN)", errno);
        }
        int domain = block.memory.getInt(0);
        if (domain != AF_UNIX) {
            throw new NotAUnixSocketException("Descriptor " + descriptor
                    + " is a socket, but not a Unix domain socket (its address family is " + domain + ").");
        }
    }

    private static PeerCredentialException failure(int descriptor, String call, int errno) {
        return switch (errno) {
            case Errno.EBADF -> new InvalidDescriptorException("Descriptor " + descriptor + " is not open.");
            case Errno.ENOTSOCK -> new NotAUnixSocketException("Descriptor " + descriptor + " is not a socket.");
            default -> new SystemCallException(call, Errno.name(errno));
        };
    }

    /**
     * Asks SO_PEERGROUPS.
     *
     * @param primary the gid of SO_PEERCRED, which the kernel's list does not hold
     */
    Fact<Set<Long>> groups(int descriptor, long primary) {
        return variable(descriptor, SO_PEERGROUPS, (memory, length) -> groups.of(memory, length, primary))
                .map(fact -> fact, errno -> switch (errno) {
                    case Errno.ENOPROTOOPT -> "this kernel has no SO_PEERGROUPS (before Linux 4.13)";
                    case Errno.ENODATA -> "the socket has no peer";
                    default -> "getsockopt(SO_PEERGROUPS) failed: " + Errno.name(errno);
                });
    }

    /** Asks SO_PEERSEC. */
    Fact<String> securityLabel(int descriptor) {
        return variable(descriptor, SO_PEERSEC, SocketOptions::label)
                .map(
                        label -> label.isEmpty()
                                ? Fact.absent(Grade.ATTESTED, "the security module gave an empty label")
                                : Fact.attested(label),
                        errno -> errno == Errno.ENOPROTOOPT
                                ? "no security module labels this socket"
                                : "getsockopt(SO_PEERSEC) failed: " + Errno.name(errno));
    }

    private static String label(Pointer memory, int length) {
        byte[] bytes = new byte[length];
        memory.get(0, bytes, 0, length);
        int end = length;
        while (end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == '\n')) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /**
     * Asks SO_PEERPIDFD.
     *
     * @return a new descriptor, close-on-exec, which the caller closes; or an error number, negated
     */
    int pidDescriptor(int descriptor) {
        ScratchPool.Scratch block = scratch.take();
        try {
            int errno = get(descriptor, SO_PEERPIDFD, block, Integer.BYTES);
            return errno == 0 ? block.memory.getInt(0) : -errno;
        } finally {
            scratch.giveBack(block);
        }
    }

    /** What was answered about another peer is wiped out first: it must not be taken for the answer about this one. */
    private int get(int descriptor, int option, ScratchPool.Scratch block, int bytes) {
        if (bytes == UCRED_BYTES) {
            block.memory.putInt(0, 0);
            block.memory.putLong(Integer.BYTES, NOBODY);
        } else {
            block.memory.setMemory(0, bytes, (byte) NOBODY);
        }
        block.memory.putInt(VALUE_BYTES, bytes);
        return get(descriptor, option, block.address, block);
    }

    private int get(int descriptor, int option, long value, ScratchPool.Scratch block) {
        int outcome = libc.getsockopt(descriptor, SOL_SOCKET, option, value, block.address + VALUE_BYTES);
        return outcome == 0 ? 0 : system.errno();
    }

    /** Asks for a value whose length only the kernel knows: it says ERANGE and the length where the room does not suffice. */
    private <T> Answer<T> variable(int descriptor, int option, Decoder<T> decoder) {
        ScratchPool.Scratch block = scratch.take();
        try {
            int errno = get(descriptor, option, block, VALUE_BYTES);
            int length = block.memory.getInt(VALUE_BYTES);
            if (errno == 0) {
                return new Answer<>(Optional.of(decoder.decode(block.memory, length)), 0);
            }
            while (errno == Errno.ERANGE && length > 0 && length <= MOST_BYTES) {
                Pointer larger = system.allocate(length);
                try {
                    block.memory.putInt(VALUE_BYTES, length);
                    errno = get(descriptor, option, larger.address(), block);
                    length = block.memory.getInt(VALUE_BYTES);
                    if (errno == 0) {
                        return new Answer<>(Optional.of(decoder.decode(larger, length)), 0);
                    }
                } finally {
                    Reference.reachabilityFence(larger);
                }
            }
            return new Answer<>(Optional.empty(), errno);
        } finally {
            scratch.giveBack(block);
        }
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(Pointer memory, int length);
    }

    private record Answer<T>(Optional<T> value, int errno) {

        <R> Fact<R> map(Function<T, Fact<R>> present, IntFunction<String> absence) {
            return value.map(present).orElseGet(() -> Fact.absent(Grade.ATTESTED, absence.apply(errno)));
        }
    }
}
