/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.roles;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerCredentialException;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.testing.FakeDoubts;

/** Roles of one or more configurations, with a name service and a clock that do as they are told. */
public final class RolesFixture implements PeerCredentialProvider, UserDatabase, Background {

    public static final long DAEMON = 1000;
    public static final long NOBODY = 65534;

    public final RoleDirectoryComponent directory = new RoleDirectoryComponent();
    public final Map<String, Long> users = new HashMap<>(Map.of("alice", 1001L, "nobody", NOBODY));
    public final Map<String, Long> groups = new HashMap<>(Map.of("wheel", 10L, "nogroup", NOBODY));
    public final List<Runnable> later = new ArrayList<>();
    public boolean nameServiceAnswers = true;
    public boolean slow;
    public Runnable whileAsked = () -> {};
    public long daemon = DAEMON;
    int changes;

    public RolesFixture() {
        directory.bindDoubts(new FakeDoubts());
    }

    public RolesConfiguration configuration() {
        return configuration(this, this, () -> changes++);
    }

    public RolesConfiguration configuration(UserDatabase names, Background background, Runnable changed) {
        return new RolesConfiguration(directory, RoleList.resolver(names, this), background, changed);
    }

    public static Map<String, Object> configured(String name, String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.pid", RolesConfiguration.PID + "~" + name);
        properties.put("felix.fileinstall.filename", "file:/etc/org.peercred.roles-" + name + ".cfg");
        properties.put("component.name", "anything");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    public Set<String> of(Peer peer) {
        return of(peer, "echo");
    }

    public Set<String> of(Peer peer, String listener) {
        return directory.rolesOf(peer, listener);
    }

    /** Lets the time pass for which somebody waits. */
    public void pass() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public boolean run(Runnable task) {
        if (slow) {
            later.add(task);
            return false;
        }
        task.run();
        return true;
    }

    @Override
    public Chore chore(Runnable task) {
        return delay -> {
            later.remove(task);
            later.add(task);
        };
    }

    @Override
    public OptionalLong uid(String name) throws NameServiceException {
        return find(users, name);
    }

    @Override
    public OptionalLong gid(String name) throws NameServiceException {
        return find(groups, name);
    }

    private OptionalLong find(Map<String, Long> names, String name) throws NameServiceException {
        Runnable asked = whileAsked;
        whileAsked = () -> {};
        asked.run();
        if (!nameServiceAnswers) {
            throw new NameServiceException("getpwnam_r failed: EIO.");
        }
        return names.containsKey(name) ? OptionalLong.of(names.get(name)) : OptionalLong.empty();
    }

    @Override
    public Optional<String> userName(long uid) {
        return Optional.empty();
    }

    @Override
    public Optional<String> groupName(long gid) {
        return Optional.empty();
    }

    @Override
    public Peer identify(int socketDescriptor) throws PeerCredentialException {
        throw new UnsupportedOperationException();
    }

    @Override
    public long daemonUid() {
        return daemon;
    }

    @Override
    public long overflowUid() {
        return NOBODY;
    }

    @Override
    public long overflowGid() {
        return NOBODY;
    }
}
