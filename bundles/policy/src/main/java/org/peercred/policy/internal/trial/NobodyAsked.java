/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.common.linux.FileStatus;
import org.peercred.credentials.Fact;
import org.peercred.credentials.Fact.Grade;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.UserDatabase;

/** Stands for everybody whom a configuration is read without: knows the ids that the kernel tells in files, and nothing else. */
final class NobodyAsked implements UserDatabase, PeerCredentialProvider, ProcessPinner {

    private static final long USUAL_OVERFLOW = 65534;
    private static final String WHY = "Nobody is asked here.";

    @Override
    public Peer identify(int socketDescriptor) {
        throw new IllegalStateException(WHY);
    }

    @Override
    public long daemonUid() {
        try {
            return FileStatus.of(Path.of("/proc/self/status")).uid();
        } catch (IOException e) {
            throw new IllegalStateException("The user of this process is not known.", e);
        }
    }

    @Override
    public long overflowUid() {
        return overflow("overflowuid");
    }

    @Override
    public long overflowGid() {
        return overflow("overflowgid");
    }

    private static long overflow(String name) {
        try {
            return Long.parseLong(
                    Files.readString(Path.of("/proc/sys/kernel", name)).strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_OVERFLOW;
        }
    }

    @Override
    public Fact<PinnedProcess> pin(int pid) {
        return Fact.absent(Grade.OBSERVED, "nobody is asked here");
    }

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        throw new NameServiceException(WHY);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        throw new NameServiceException(WHY);
    }

    @Override
    public Optional<String> userName(long uid) throws NameServiceException {
        throw new NameServiceException(WHY);
    }

    @Override
    public Optional<String> groupName(long gid) throws NameServiceException {
        throw new NameServiceException(WHY);
    }

    @Override
    public Optional<Membership> membership(long uid) throws NameServiceException {
        throw new NameServiceException(WHY);
    }
}
