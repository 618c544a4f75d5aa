/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessPolicy;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.UserDatabase;
import org.peercred.credentials.internal.Kernel;
import org.peercred.policy.internal.background.Background;
import org.peercred.policy.internal.decide.Decisions;
import org.peercred.policy.internal.kinds.OwnerPolicy;
import org.peercred.policy.internal.kinds.UidPolicy;

/** The real policies and the real decision on a plain class path. */
public final class Policies {

    /** Above what Linux distributions give to people and services. */
    private static final long FIRST_STRANGER = 1_000_000;

    private final PeerCredentialProvider credentials = Kernel.provider();
    private final UserDatabase users = Kernel.users();
    private final Decisions decisions = new Decisions();

    public AccessControl control() {
        return decisions;
    }

    /** Allows whoever runs this process. */
    public Policies owner() {
        return add(new OwnerPolicy(Map.of(), credentials, AT_ONCE));
    }

    /** So many policies of one strange uid each: all are asked, none has anything to say. */
    public Policies strangers(int count) {
        for (int i = 0; i < count; i++) {
            uids("stranger" + i, Long.toString(FIRST_STRANGER + i));
        }
        return this;
    }

    /** One policy with a list of uids; every second number, so that they cannot be kept as one range. */
    public Policies list(int entries, boolean withOwner) {
        String rest = IntStream.range(0, withOwner ? entries - 1 : entries)
                .mapToObj(i -> Long.toString(FIRST_STRANGER + 2L * i))
                .collect(Collectors.joining(","));
        return uids(
                "list",
                !withOwner
                        ? rest
                        : rest.isEmpty() ? "" + credentials.daemonUid() : credentials.daemonUid() + "," + rest);
    }

    private Policies uids(String name, String allow) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("name", name);
        properties.put("allow", allow);
        return add(new UidPolicy(properties, users, credentials, AT_ONCE));
    }

    private Policies add(AccessPolicy policy) {
        decisions.add(policy, policy);
        return this;
    }

    /** Ids need no name service, and nothing here is looked at again later. */
    private static final Background AT_ONCE = new Background() {
        @Override
        public boolean run(Runnable task) {
            task.run();
            return true;
        }

        @Override
        public Chore chore(Runnable task) {
            return delay -> {};
        }
    };
}
