/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.IdList;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Otherwise;

/**
 * Allows uids on a list.
 *
 * @param ids the list, without the overflow id
 * @param overflow the overflow id
 * @param otherwise what is said of others
 * @param unlisted that, ready made
 * @param nobody the same for the overflow id
 */
record UidRules(IdRanges ids, long overflow, Otherwise otherwise, Verdict unlisted, Verdict nobody) implements IdRules {

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
        long overflow = credentials.overflowUid();
        Problems problems = new Problems();
        Otherwise otherwise = problems.read(config, Otherwise.KEY);
        IdList.Directory directory = IdList.Directory.of(AccountKind.USER, users, credentials);
        IdList list = problems.collect(() -> IdList.read(config, directory), null);
        problems.end();
        return new IdLoading(list, ids -> new UidRules(ids, overflow, otherwise));
    }

    @Override
    public IdRules with(IdRanges newIds) {
        return new UidRules(newIds, overflow, otherwise);
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
