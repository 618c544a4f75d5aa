/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.Map;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.config.PolicyKind;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.roles.RoleCheck;

/** What reads the configurations of each kind here, for whoever wants to read one that is not in force. */
public final class KindReaders {

    private KindReaders() {}

    /**
     * All of them.
     *
     * @param users resolves names; not asked by a reader itself, only by what it leaves to do
     * @param credentials knows the daemon and the overflow ids
     * @param roles knows who has which role
     * @return by kind
     */
    public static Map<PolicyKind, Rules.Reader> of(
            UserDatabase users, PeerCredentialProvider credentials, RoleCheck roles) {
        return Map.of(
                PolicyKind.OWNER,
                OwnerPolicy.reader(credentials),
                PolicyKind.SUPERUSER,
                SuperuserPolicy.reader(credentials),
                PolicyKind.UID,
                UidPolicy.reader(users, credentials),
                PolicyKind.GROUP,
                GroupPolicy.reader(users, credentials),
                PolicyKind.EXECUTABLE,
                ExecutableRules::read,
                PolicyKind.CGROUP,
                CgroupRules::read,
                PolicyKind.COMMAND,
                new CommandRulesReader(roles),
                PolicyKind.HTTP,
                new HttpRulesReader(roles));
    }
}
