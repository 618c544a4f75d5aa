/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.channels;

import java.util.Objects;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.service.ChannelService;

/**
 * Offers a service that takes bytes as they are: each connection gets a channel, which the service uses from threads of its own.
 *
 * @param service the service
 */
public record ChannelOffer(ChannelService service) implements Offer {

    @Override
    public Protocol open(Connection connection) {
        return open(connection, new BusyPolling());
    }

    Protocol open(Connection connection, BusyPolling polling) {
        OpenChannel channel = new OpenChannel(connection, polling);
        try {
            return new ChannelProtocol(
                    connection, channel, Objects.requireNonNull(service.open(channel), "the service gave no session"));
        } catch (Throwable e) {
            channel.seal();
            throw e;
        }
    }

    /** Other threads write, and nobody but they knows where something of theirs ends. */
    @Override
    public boolean mayBeFollowedByWords() {
        return false;
    }
}
