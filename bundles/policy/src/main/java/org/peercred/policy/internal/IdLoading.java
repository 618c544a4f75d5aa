/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal;

import java.util.function.Function;
import org.peercred.common.config.ConfigException;

/**
 * Resolves the names of a list, and makes rules of the ids.
 *
 * @param list the list
 * @param rules makes the rules
 */
record IdLoading(IdList list, Function<IdRanges, Rules> rules) implements Rules.Loading {

    @Override
    public Rules.Loaded load() throws ConfigException, UnavailableException {
        IdList.Resolved resolved = list.resolve();
        return new Rules.Loaded(rules.apply(resolved.ids()), resolved.notes());
    }

    @Override
    public boolean mayBlock() {
        return list.hasNames();
    }
}
