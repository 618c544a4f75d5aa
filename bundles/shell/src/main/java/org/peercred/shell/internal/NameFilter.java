/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.List;
import java.util.function.Function;
import org.peercred.common.inspect.Refusal;

/** Picks things by the names that were typed. */
final class NameFilter {

    private NameFilter() {}

    /**
     * Those that are named.
     *
     * @param <T> a thing
     * @param all all there are
     * @param nameOf its name
     * @param names what was typed; nothing for all
     * @param kind what it is, for a message
     * @return in the order of all
     * @throws Refusal if a name is nobody's
     */
    static <T> List<T> select(List<T> all, Function<T, String> nameOf, List<String> names, String kind) throws Refusal {
        if (names.isEmpty()) {
            return all;
        }
        List<String> known = all.stream().map(nameOf).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new Refusal("There is no " + kind + " " + name
                        + (known.isEmpty() ? "." : "; there is " + String.join(", ", known) + "."));
            }
        }
        return all.stream().filter(thing -> names.contains(nameOf.apply(thing))).toList();
    }
}
