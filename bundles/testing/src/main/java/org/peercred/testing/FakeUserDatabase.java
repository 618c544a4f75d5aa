/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.UserDatabase;

/**
 * A user database that knows whom a test tells it of, and does not answer about others. It knows nobody at first. May be used by
 * any thread.
 */
public final class FakeUserDatabase implements UserDatabase {

    private final Map<String, Long> uids = new ConcurrentHashMap<>();
    private final Map<String, Long> gids = new ConcurrentHashMap<>();
    private final Map<Long, Membership> memberships = new ConcurrentHashMap<>();
    private final Set<Object> silent = ConcurrentHashMap.newKeySet();

    /**
     * Adds a user.
     *
     * @param name the user's name
     * @param uid 0 to 4294967295
     * @param gid the user's first group
     * @param moreGroups the others
     * @return this
     * @throws IllegalArgumentException if there can be no such user or group
     */
    public FakeUserDatabase user(String name, long uid, long gid, long... moreGroups) {
        Set<Long> all = new TreeSet<>(Set.of(Ids.checked("The group id", gid)));
        for (long each : moreGroups) {
            all.add(Ids.checked("The group id", each));
        }
        uids.put(name, Ids.checked("The user id", uid));
        memberships.put(uid, new Membership(gid, all));
        return this;
    }

    /**
     * Adds a group.
     *
     * @param name the group's name
     * @param gid 0 to 4294967295
     * @return this
     * @throws IllegalArgumentException if there can be no such group
     */
    public FakeUserDatabase group(String name, long gid) {
        gids.put(name, Ids.checked("The group id", gid));
        return this;
    }

    /**
     * Has every question about a name end with a {@link NameServiceException}, as if the name service were not there.
     *
     * @param name of a user or a group
     * @return this
     */
    public FakeUserDatabase silentAbout(String name) {
        silent.add(name);
        return this;
    }

    /**
     * Has every question about an id end with a {@link NameServiceException}, as if the name service were not there.
     *
     * @param id of a user or a group
     * @return this
     */
    public FakeUserDatabase silentAbout(long id) {
        silent.add(id);
        return this;
    }

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        return id(uids, name);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        return id(gids, name);
    }

    @Override
    public Optional<String> userName(long uid) throws NameServiceException {
        return name(uids, uid);
    }

    @Override
    public Optional<String> groupName(long gid) throws NameServiceException {
        return name(gids, gid);
    }

    @Override
    public Optional<Membership> membership(long uid) throws NameServiceException {
        answer(uid);
        return Optional.ofNullable(memberships.get(uid));
    }

    private OptionalLong id(Map<String, Long> ids, String name) throws NameServiceException {
        answer(name);
        Long id = ids.get(name);
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    private Optional<String> name(Map<String, Long> ids, long id) throws NameServiceException {
        answer(id);
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void answer(Object question) throws NameServiceException {
        if (silent.contains(question)) {
            throw new NameServiceException("The name service does not answer.");
        }
    }
}
