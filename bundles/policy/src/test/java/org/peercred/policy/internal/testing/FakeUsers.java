/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/** Name services that know what a test tells them, and can stop answering. */
public final class FakeUsers implements UserDatabase {

    private final Map<String, Long> ids = new HashMap<>(Map.of("alice", 1001L, "bob", 1002L, "nobody", 65534L));
    public boolean silent;
    public boolean failing;
    public final Set<String> down = new HashSet<>();
    public int asked;

    /** How many of the next questions end in an error. */
    public int errors;

    public FakeUsers with(String name, long id) {
        ids.put(name, id);
        return this;
    }

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        asked++;
        if (errors > 0) {
            errors--;
            throw new OutOfMemoryError("a test of running out of memory");
        }
        if (failing) {
            throw new IllegalStateException("inside");
        }
        if (silent || down.contains(name)) {
            throw new NameServiceException("getpwnam_r failed: EIO.");
        }
        Long id = ids.get(name);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        return uid(name);
    }

    @Override
    public Optional<String> userName(long uid) {
        return Optional.empty();
    }

    @Override
    public Optional<String> groupName(long gid) {
        return Optional.empty();
    }
}
