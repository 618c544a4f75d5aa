/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.trial;

import java.util.List;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.RoleForecast;

/**
 * What would come of a configuration.
 *
 * @param effects whole sentences
 * @param keysOnly whether nothing was looked at but its keys and values
 * @param access decides as if it were in force
 * @param roles tells who would have which role
 * @param release gives back what it holds
 */
record Outlook(
        List<String> effects,
        boolean keysOnly,
        Optional<AccessControl> access,
        Optional<RoleForecast> roles,
        Runnable release) {

    /** Of a configuration that would be rejected, or of which all is said already. */
    static final Outlook NONE = new Outlook(List.of(), false, Optional.empty(), Optional.empty(), () -> {});

    /** Of one whose reader tells no more. */
    static final Outlook KEYS_ONLY = new Outlook(List.of(), true, Optional.empty(), Optional.empty(), () -> {});

    /** Of a policy. */
    static Outlook of(AccessControl access, Runnable release) {
        return new Outlook(List.of(), false, Optional.of(access), Optional.empty(), release);
    }

    /** Of a listener; there is nobody to decide about where there is none yet. */
    static Outlook of(List<String> effects, Optional<AccessControl> access) {
        return new Outlook(effects, false, access, Optional.empty(), () -> {});
    }

    /** Of roles. */
    static Outlook of(List<String> effects, RoleForecast roles) {
        return new Outlook(effects, false, Optional.empty(), Optional.of(roles), () -> {});
    }
}
