/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

/** Names of service properties. */
public final class PeercredConstants {

    /**
     * The property of a {@link LineService}, {@link StreamService} or {@link ChannelService} that names what is offered, for instance
     * {@code echo}. A text; listeners find services by it, see their key {@code service.target}.
     */
    public static final String SERVICE = "peercred.service";

    private PeercredConstants() {}
}
