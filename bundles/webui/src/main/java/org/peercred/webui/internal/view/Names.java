/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.Locale;
import java.util.Optional;
import org.peercred.common.inspect.Accounts;

/** Names as the page is told of them. */
final class Names {

    private Names() {}

    /** A user's name; empty if it has none or nobody can tell. */
    static Optional<String> user(long uid, Accounts accounts) {
        return Optional.of(accounts.userName(uid)).filter(name -> !name.isEmpty());
    }

    /** A constant's name, for instance {@code last-good}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
