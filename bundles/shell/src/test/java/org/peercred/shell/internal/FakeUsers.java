/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/** Knows alice, 1001, and the group staff, 50; does not answer about the name "slow". */
final class FakeUsers implements UserDatabase {

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        return id(Map.of("alice", 1001L), name);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        return id(Map.of("staff", 50L), name);
    }

    @Override
    public Optional<String> userName(long uid) throws NameServiceException {
        if (uid == 1002) {
            throw new NameServiceException("The name service does not answer.");
        }
        return uid == 1001 ? Optional.of("alice") : Optional.empty();
    }

    @Override
    public Optional<String> groupName(long gid) {
        return gid == 50 ? Optional.of("staff") : Optional.empty();
    }

    private static OptionalLong id(Map<String, Long> ids, String name) throws NameServiceException {
        if (name.equals("slow")) {
            throw new NameServiceException("The name service does not answer.");
        }
        return ids.containsKey(name) ? OptionalLong.of(ids.get(name)) : OptionalLong.empty();
    }
}
