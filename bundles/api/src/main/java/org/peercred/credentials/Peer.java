/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials;

import java.util.OptionalInt;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The process at the other end of one connection.
 *
 * <p>{@link #pid()}, {@link #uid()} and {@link #gid()} are immutable and may be read by any thread at any time. Every other
 * fact costs nothing until it is asked for, is then asked of the kernel once, on the calling thread, and kept; only what could
 * not be asked for want of descriptors or memory is absent this time and asked again the next. Facts not read yet are
 * for the thread that owns the connection, or for those that whoever owns it lets ask; that is safe even while it is being closed. After {@link
 * #close()} they are absent; facts already read stay readable.
 */
@ProviderType
public interface Peer extends AutoCloseable {

    /** The user id of {@link #uid()} when the kernel has no peer to name: {@code (uid_t) -1}. */
    long NO_PEER = 0xFFFFFFFFL;

    /**
     * The process id, attested at connect.
     *
     * @return 1 or greater; empty when the peer lives in a PID namespace that this process cannot see (the kernel says 0)
     */
    OptionalInt pid();

    /**
     * The effective user id, attested at connect.
     *
     * @return 0 to 4294967295; {@link #NO_PEER} where there is no peer
     */
    long uid();

    /**
     * The effective group id, attested at connect.
     *
     * @return 0 to 4294967295
     */
    long gid();

    /**
     * All groups of the peer at connect, the primary one ({@link #gid()}) included, from {@code SO_PEERGROUPS}.
     *
     * @return an unmodifiable set, attested; absent on kernels before 4.13
     */
    Fact<Set<Long>> groups();

    /**
     * The process itself, held by a descriptor from {@code SO_PEERPIDFD}, so that it can never be taken for another that
     * got its number later.
     *
     * @return the process, attested; absent on kernels before 6.5, with the reason
     */
    Fact<PeerProcess> process();

    /**
     * The security label (SELinux, AppArmor, Smack) at connect, from {@code SO_PEERSEC}.
     *
     * @return the label as the kernel spells it, attested; absent where no security module labels sockets
     */
    Fact<String> securityLabel();

    /** Gives back the descriptors that facts needed. Called by the owner of the connection, before it closes its own. */
    @Override
    void close();
}
