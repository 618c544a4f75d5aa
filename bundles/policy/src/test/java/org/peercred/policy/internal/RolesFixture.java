/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.time.Duration;
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

/** Roles of one or more configurations, with a name service and a clock that do as they are told. */
final class RolesFixture implements PeerCredentialProvider, UserDatabase, Background {

    static final long DAEMON = 1000;
    static final long NOBODY = 65534;

    final RoleDirectoryComponent directory = new RoleDirectoryComponent();
    final Map<String, Long> users = new HashMap<>(Map.of("alice", 1001L, "nobody", NOBODY));
    final Map<String, Long> groups = new HashMap<>(Map.of("wheel", 10L, "nogroup", NOBODY));
    final List<Runnable> later = new ArrayList<>();
    boolean nameServiceAnswers = true;
    boolean slow;
    Runnable whileAsked = () -> {};
    long daemon = DAEMON;
    int changes;

    RolesConfiguration configuration() {
        return new RolesConfiguration(directory, list -> list.resolve(this, this), this, () -> changes++);
    }

    static Map<String, Object> configured(String name, String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.pid", RolesConfiguration.PID + "~" + name);
        properties.put("felix.fileinstall.filename", "file:/etc/org.peercred.roles-" + name + ".cfg");
        properties.put("component.name", "anything");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    Set<String> of(Peer peer) {
        return directory.rolesOf(peer);
    }

    /** Lets the time pass for which somebody waits. */
    void pass() {
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
    public void after(Duration delay, Runnable task) {
        later.add(task);
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
