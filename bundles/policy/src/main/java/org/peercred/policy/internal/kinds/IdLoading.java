/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.peercred.policy.internal.config.IdList;
import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Rules;
import org.peercred.policy.internal.config.UnavailableException;

/**
 * Resolves the names of a list, and makes rules of the ids.
 *
 * @param list the list
 * @param rules makes the rules
 */
record IdLoading(IdList list, Function<IdRanges, IdRules> rules) implements Rules.Loading {

    @Override
    public Rules.Loaded load() throws UnavailableException {
        IdList.Resolved resolved = list.resolve();
        if (resolved.problem().isPresent()) {
            throw new UnavailableException(resolved.problem().get(), new Rest(rules, resolved));
        }
        return new Rules.Loaded(rules.apply(resolved.ids(Map.of())), resolved.notes(), resolved.names());
    }

    @Override
    public Optional<Rules.Remainder> remainder() {
        return Optional.of(new Rest(rules, list.unresolved()));
    }

    /** What counts while names are not known. */
    private record Rest(Function<IdRanges, IdRules> rules, IdList.Resolved resolved) implements Rules.Remainder {

        @Override
        public Rules.Loaded of(Rules.Loaded lastGood) {
            IdRules last = (IdRules) lastGood.rules();
            Map<String, Long> names = new HashMap<>(lastGood.names());
            names.putAll(resolved.names());
            return new Rules.Loaded(last.with(last.ids().and(resolved.ids(names))), List.of(), Map.copyOf(names));
        }

        /** Those that are known, unless there is a name in it that nobody has: then all of it may be a mistake. */
        @Override
        public Optional<Rules> alone() {
            return resolved.firm() ? Optional.empty() : Optional.of(rules.apply(resolved.ids(Map.of())));
        }
    }

    @Override
    public boolean mayBlock() {
        return list.hasNames();
    }
}
