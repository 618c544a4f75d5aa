/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.peercred.credentials.InvalidDescriptorException;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;

/** Identifies peers by asking the kernel. */
final class KernelPeerCredentialProvider implements PeerCredentialProvider {

    /** The kernel's own default, for a system that hides {@code /proc/sys}. */
    private static final long DEFAULT_OVERFLOW_ID = 65534;

    private final Native system;
    private final SocketOptions options;
    private final ProcessTable processes;
    private final SocketOptions.Credentials<KernelPeer> newPeer = this::newPeer;
    private final long overflowUid;
    private final long overflowGid;

    KernelPeerCredentialProvider(Native system, ProcessTable processes) {
        this.system = system;
        this.options = new SocketOptions(system);
        this.processes = processes;
        this.overflowUid = overflowId("overflowuid");
        this.overflowGid = overflowId("overflowgid");
    }

    @Override
    public Peer identify(int socketDescriptor) throws PeerCredentialException {
        if (socketDescriptor < 0) {
            throw new InvalidDescriptorException("Descriptor " + socketDescriptor + " cannot be open.");
        }
        return options.credentials(socketDescriptor, newPeer);
    }

    @Override
    public long daemonUid() {
        return Integer.toUnsignedLong(system.libc().geteuid());
    }

    @Override
    public long overflowUid() {
        return overflowUid;
    }

    @Override
    public long overflowGid() {
        return overflowGid;
    }

    private KernelPeer newPeer(int descriptor, int pid, int uid, int gid) {
        return new KernelPeer(this, descriptor, pid, uid, gid);
    }

    SocketOptions options() {
        return options;
    }

    ProcessTable processes() {
        return processes;
    }

    /** Reads with room to spare: this file is told whole to the first read and not at all to the next. */
    private static long overflowId(String which) {
        byte[] text = new byte[64];
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/kernel", which))) {
            int length = file.readNBytes(text, 0, text.length);
            return Long.parseLong(new String(text, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return DEFAULT_OVERFLOW_ID;
        }
    }
}
