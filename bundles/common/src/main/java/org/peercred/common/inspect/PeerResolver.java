/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.inspect;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PinnedProcess;
import org.peercred.credentials.ProcessPinner;
import org.peercred.credentials.SystemCallException;

/** Makes the peer that is checked of what was typed. */
public final class PeerResolver {

    private final Services services;
    private final Accounts accounts;

    public PeerResolver(Services services, Accounts accounts) {
        this.services = services;
        this.accounts = accounts;
    }

    /**
     * A living process. It is pinned, its ids are read, and then it must still be alive: so they are its own.
     *
     * @param pid its number
     * @return the peer, to be closed
     * @throws Refusal if there is no such process, or it cannot be looked at
     */
    public SupposedPeer living(int pid) throws Refusal {
        ProcessPinner pinner = services.need(ProcessPinner.class);
        if (pid < 1) {
            throw new Refusal("A process id is 1 or greater, not " + pid + ".");
        }
        Fact<PinnedProcess> pinned;
        try {
            pinned = pinner.pin(pid);
        } catch (SystemCallException e) {
            throw new Refusal("Process " + pid + " cannot be looked at: " + e.getMessage());
        }
        if (pinned.value().isEmpty()) {
            throw new Refusal("Process " + pid + " cannot be checked: " + pinned.absence() + ".");
        }
        return observe(pinned.value().get());
    }

    /** The order counts: read, then ask whether it still lives. */
    public static SupposedPeer observe(PinnedProcess process) throws Refusal {
        boolean kept = false;
        try {
            ProcStatus status = ProcStatus.of(process.pid());
            if (!process.alive()) {
                throw new Refusal("Process " + process.pid() + " has ended meanwhile.");
            }
            kept = true;
            return SupposedPeer.living(process, status);
        } catch (IOException e) {
            throw new Refusal("Process " + process.pid() + " cannot be checked: /proc/" + process.pid()
                    + "/status cannot be read (" + e.getClass().getSimpleName() + ").");
        } finally {
            if (!kept) {
                process.close();
            }
        }
    }

    /**
     * Somebody with given ids. What is not given of the groups is what the user database says.
     *
     * @param uid a user, by id or name
     * @param gid a group, by id or name; {@code null} if not given
     * @param groups groups, separated by commas; {@code null} if not given
     * @return the peer
     * @throws Refusal if a name or number is wrong
     */
    public SupposedPeer given(String uid, String gid, String groups) throws Refusal {
        long user = accounts.uid(uid);
        OptionalLong group = gid == null ? OptionalLong.empty() : OptionalLong.of(accounts.gid(gid));
        Optional<Set<Long>> others = groups == null ? Optional.empty() : Optional.of(list(groups));
        boolean complete = group.isPresent() && others.isPresent();
        return SupposedPeer.given(
                user, group, others, complete ? SupposedPeer.NOBODY_ASKED : accounts.membership(user));
    }

    private Set<Long> list(String groups) throws Refusal {
        Set<Long> ids = new HashSet<>();
        for (String group : groups.split(",")) {
            if (!group.isBlank()) {
                ids.add(accounts.gid(group.strip()));
            }
        }
        return ids;
    }
}
