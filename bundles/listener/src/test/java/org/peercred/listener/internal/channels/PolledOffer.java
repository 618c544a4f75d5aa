/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.service.ChannelService;

/** A channel on which every read that finds nothing polls, however slow its client is. */
record PolledOffer(ChannelService service) implements Offer {

    @Override
    public Protocol open(Connection connection) {
        return new ChannelOffer(service).open(connection, new BusyPolling() {
            @Override
            boolean pays() {
                return true;
            }
        });
    }

    @Override
    public boolean mayBeFollowedByWords() {
        return false;
    }
}
