/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;

/**
 * Allows uids on a list.
 *
 * @param ids the list, without the overflow id
 * @param overflow the overflow id
 * @param otherwise what is said of others
 * @param unlisted that, ready made
 * @param nobody the same for the overflow id
 */
record UidRules(IdRanges ids, long overflow, Otherwise otherwise, Verdict unlisted, Verdict nobody) implements Rules {

    private static final Verdict LISTED = Verdict.allow("the uid is on the list");

    UidRules(IdRanges ids, long overflow, Otherwise otherwise) {
        this(
                ids,
                overflow,
                otherwise,
                otherwise.verdict("the uid is not on the list"),
                otherwise.verdict("the uid is the overflow id, which names nobody"));
    }

    static Loading read(Config config, UserDatabase users, PeerCredentialProvider credentials) throws ConfigException {
        Otherwise otherwise = Otherwise.read(config);
        long overflow = credentials.overflowUid();
        IdList list = IdList.read(config, new IdList.Directory("user", "uid", users::uid, overflow));
        return new IdLoading(list, ids -> new UidRules(ids, overflow, otherwise));
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        long uid = request.peer().uid();
        if (ids.contains(uid)) {
            return LISTED;
        }
        return uid == overflow ? nobody : unlisted;
    }
}
