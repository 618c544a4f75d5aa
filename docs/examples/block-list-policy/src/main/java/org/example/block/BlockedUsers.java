/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.block;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.PolicyStatus;
import org.peercred.access.PolicyStatus.State;
import org.peercred.access.Verdict;

/** The policy as one configuration made it. Never changes; what it says is made ready beforehand. */
record BlockedUsers(String id, PolicyScope scope, Set<Long> users, PolicyStatus status) implements AccessPolicy {

    private static final Verdict LISTED = Verdict.deny("the user is on the block list");
    private static final Verdict NOT_LISTED = Verdict.abstain("the user is not on the block list");
    private static final Verdict UNKNOWN = Verdict.deny("the block list cannot be read");

    /** Before the first configuration: denies everybody everywhere. */
    static BlockedUsers none(String id) {
        PolicyStatus status = new PolicyStatus(State.REJECTED, Optional.of("There is no configuration."));
        return new BlockedUsers(id, scope("*"), Set.of(), status);
    }

    /** Never throws: a configuration with a mistake leaves in force what was, and the status says why. */
    BlockedUsers changed(BlockList.Configuration configuration) {
        try {
            Set<Long> ids = Arrays.stream(list(configuration.users())).map(this::uid).collect(Collectors.toSet());
            return new BlockedUsers(id, scope(list(configuration.listeners())), ids, PolicyStatus.ACTIVE);
        } catch (IllegalArgumentException e) {
            State state = status.state() == State.REJECTED ? State.REJECTED : State.LAST_GOOD;
            return new BlockedUsers(id, scope, users, new PolicyStatus(state, Optional.of(e.getMessage())));
        }
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        if (status.state() == State.REJECTED) {
            return UNKNOWN;
        }
        return users.contains(request.peer().uid()) ? LISTED : NOT_LISTED;
    }

    /** In a .cfg file a list is one text with commas; other sources give several texts. */
    private static String[] list(String... texts) {
        return Arrays.stream(texts)
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toArray(String[]::new);
    }

    private static PolicyScope scope(String... listeners) {
        return new PolicyScope(Set.copyOf(Arrays.asList(listeners)), Set.of(AccessRequest.CONNECT));
    }

    private long uid(String text) {
        if (!text.matches("\\d{1,10}")) {
            throw new IllegalArgumentException(id + ": users = " + text + " is no user id.");
        }
        return Long.parseLong(text);
    }
}
