/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog.Entry;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Refusal;

/**
 * Which events are wanted.
 *
 * @param types of these types
 * @param uid of this user
 * @param listener on this listener
 */
record AuditFilter(Set<AuditEvent.Type> types, OptionalLong uid, Optional<String> listener)
        implements Predicate<Entry> {

    /**
     * Reads it from what was typed.
     *
     * @param events names of types, separated by commas; {@code null} for all
     * @param user an id or a name; {@code null} for all
     * @param listener a name; {@code null} for all
     * @param accounts looks up the user
     * @return the filter
     * @throws Refusal if there is no such type or user
     */
    static AuditFilter of(String events, String user, String listener, Accounts accounts) throws Refusal {
        return new AuditFilter(
                events == null ? EnumSet.allOf(AuditEvent.Type.class) : types(events),
                user == null ? OptionalLong.empty() : OptionalLong.of(accounts.uid(user)),
                Optional.ofNullable(listener));
    }

    private static Set<AuditEvent.Type> types(String events) throws Refusal {
        Set<AuditEvent.Type> types = EnumSet.noneOf(AuditEvent.Type.class);
        for (String label : events.split(",")) {
            types.add(Arrays.stream(AuditEvent.Type.values())
                    .filter(type -> type.label().equals(label.strip()))
                    .findFirst()
                    .orElseThrow(() ->
                            new Refusal("There is no event \"" + label.strip() + "\"; there is " + labels() + ".")));
        }
        return types;
    }

    private static String labels() {
        return Arrays.stream(AuditEvent.Type.values())
                .map(AuditEvent.Type::label)
                .collect(Collectors.joining(", "));
    }

    @Override
    public boolean test(Entry entry) {
        AuditEvent event = entry.event();
        return types.contains(event.type())
                && uid.stream().allMatch(id -> id == event.uid())
                && listener.stream().allMatch(name -> name.equals(event.listener()));
    }
}
