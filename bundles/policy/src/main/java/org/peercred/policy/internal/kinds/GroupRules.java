/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.Set;
import org.peercred.access.AccessRequest;
import org.peercred.access.Verdict;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.Problems;
import org.peercred.common.names.AccountKind;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.IdList;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Otherwise;

/**
 * Allows who was in a listed group when it connected. Each of the peer's groups is looked up in the list: the length of the
 * list hardly counts.
 *
 * @param ids the list, without the overflow id
 * @param otherwise what is said of others
 * @param unlisted that, ready made
 */
record GroupRules(IdRanges ids, Otherwise otherwise, Verdict unlisted) implements IdRules {

    private static final Verdict LISTED = Verdict.allow("one of the peer's groups is on the list");

    GroupRules(IdRanges ids, Otherwise otherwise) {
        this(ids, otherwise, otherwise.verdict("none of the peer's groups is on the list"));
    }

    static Loading read(Config config, UserDatabase users, PeerCredentialProvider credentials) throws ConfigException {
        Problems problems = new Problems();
        Otherwise otherwise = problems.read(config, Otherwise.KEY);
        IdList.Directory directory = IdList.Directory.of(AccountKind.GROUP, users, credentials);
        IdList list = problems.collect(() -> IdList.read(config, directory), null);
        problems.end();
        return new IdLoading(list, ids -> new GroupRules(ids, otherwise));
    }

    @Override
    public IdRules with(IdRanges newIds) {
        return new GroupRules(newIds, otherwise);
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        Fact<Set<Long>> groups = request.peer().groups();
        if (groups.value().isEmpty()) {
            return otherwise.verdict("the peer's groups are not known: " + groups.absence());
        }
        for (long group : groups.value().get()) {
            if (ids.contains(group)) {
                return LISTED;
            }
        }
        return unlisted;
    }
}
