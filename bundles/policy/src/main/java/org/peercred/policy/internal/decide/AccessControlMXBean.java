/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.decide;

import java.util.List;
import org.peercred.common.jmx.Description;

/** What JMX shows of the access control, as {@code org.peercred:type=AccessControl}. */
@Description("Who decides about access in Peercred.")
public interface AccessControlMXBean {

    /** Grows whenever a decision may have changed. */
    @Description("Grows whenever a decision may have changed.")
    long getGeneration();

    /** Decisions that allowed, since the bundle started; commands and checks of open connections included. */
    @Description("Decisions that allowed, since the bundle started; commands and checks of open connections included.")
    long getAllowedDecisions();

    /** Decisions that refused, likewise. */
    @Description("Decisions that refused, likewise.")
    long getDeniedDecisions();

    /** Ids of the policies whose newest configuration is in force. */
    @Description("Ids of the policies whose newest configuration is in force.")
    List<String> getActivePolicies();

    /** Ids of the policies that keep their last good configuration, because the newest was rejected. */
    @Description("Ids of the policies that keep their last good configuration, because the newest was rejected.")
    List<String> getLastGoodPolicies();

    /** Ids of the policies that deny all they cover, because their configuration was rejected. */
    @Description("Ids of the policies that deny all they cover, because their configuration was rejected.")
    List<String> getRejectedPolicies();
}
