/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.Optional;
import java.util.Set;
import org.peercred.credentials.Peer;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Scopes;

/**
 * Who has a role, and where. The overflow ids, which name nobody, are never among them.
 *
 * @param listeners the listeners on which they have it, or {@code *} for all
 * @param uids users
 * @param gids groups
 * @param everyone whether every user has it
 * @param overflowUid the uid that is no user
 * @param restriction who has it at most; empty if all of these have it
 */
record RoleMembers(
        Set<String> listeners,
        IdRanges uids,
        IdRanges gids,
        boolean everyone,
        long overflowUid,
        Optional<RoleMembers> restriction) {

    /** Those of these who are among the others as well. */
    RoleMembers within(RoleMembers others) {
        return new RoleMembers(listeners, uids, gids, everyone, overflowUid, Optional.of(others));
    }

    boolean contains(Peer peer, String listener) {
        long uid = peer.uid();
        if (uid == Peer.NO_PEER || !Scopes.covers(listeners, listener)) {
            return false;
        }
        return isListed(peer, uid)
                && (restriction.isEmpty() || restriction.get().contains(peer, listener));
    }

    private boolean isListed(Peer peer, long uid) {
        return (everyone && uid != overflowUid) || uids.contains(uid) || (gids.size() > 0 && inGroup(peer));
    }

    private boolean inGroup(Peer peer) {
        if (gids.contains(peer.gid())) {
            return true;
        }
        // A kernel that does not tell the other groups gives no role by them.
        for (long gid : peer.groups().value().orElse(Set.of())) {
            if (gids.contains(gid)) {
                return true;
            }
        }
        return false;
    }
}
