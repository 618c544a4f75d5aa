/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.hours;

import java.time.Clock;
import java.time.LocalTime;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.peercred.access.AccessPolicy;
import org.peercred.access.AccessRequest;
import org.peercred.access.PolicyScope;
import org.peercred.access.Verdict;

/** Lets nobody connect at night. Allows nothing: who may connect by day is for other policies to say. */
@Component
public final class OfficeHours implements AccessPolicy {

    private static final LocalTime OPENS = LocalTime.of(8, 0);
    private static final LocalTime CLOSES = LocalTime.of(18, 0);
    private static final PolicyScope CONNECT_ANYWHERE = new PolicyScope(Set.of("*"), Set.of(AccessRequest.CONNECT));
    private static final Verdict OPEN = Verdict.abstain("it is between " + OPENS + " and " + CLOSES);
    private static final Verdict CLOSED = Verdict.deny("it is not between " + OPENS + " and " + CLOSES);

    private final Clock clock;

    @Activate
    public OfficeHours() {
        this(Clock.systemDefaultZone());
    }

    OfficeHours(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String id() {
        return "office-hours";
    }

    @Override
    public PolicyScope scope() {
        return CONNECT_ANYWHERE;
    }

    @Override
    public Verdict evaluate(AccessRequest request) {
        LocalTime now = LocalTime.now(clock);
        return now.isBefore(OPENS) || !now.isBefore(CLOSES) ? CLOSED : OPEN;
    }
}
