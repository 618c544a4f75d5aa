/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.Set;
import org.peercred.credentials.Peer;

/**
 * Who has a role. The overflow ids, which name nobody, are never among them.
 *
 * @param uids users
 * @param gids groups
 * @param everyone whether every user has it
 * @param overflowUid the uid that is no user
 */
record RoleMembers(IdRanges uids, IdRanges gids, boolean everyone, long overflowUid) {

    boolean contains(Peer peer) {
        long uid = peer.uid();
        if (uid == Peer.NO_PEER) {
            return false;
        }
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
