/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.kinds;

import org.peercred.policy.internal.config.IdRanges;
import org.peercred.policy.internal.config.Rules;

/** Rules that go by a list of ids. */
interface IdRules extends Rules {

    /** The list, without the overflow id. */
    IdRanges ids();

    /** The same rules with another list. */
    IdRules with(IdRanges ids);
}
