/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.streams;

import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.LimitException;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.service.StreamService;
import org.peercred.service.ThreadLimit;

/**
 * Offers a service that talks in streams: each connection gets a thread, and streams between it and the loop.
 *
 * @param service the service
 * @param threads how many threads there may be
 */
public record StreamOffer(StreamService service, ThreadLimit threads) implements Offer {

    @Override
    public Protocol open(Connection connection) {
        ThreadLimit.Permit permit = threads.take().orElseThrow(LimitException::new);
        try {
            StreamSession session = new StreamSession(connection);
            StreamProtocol protocol = new StreamProtocol(connection, session);
            session.start(() -> serve(connection, session, permit));
            return protocol;
        } catch (Throwable e) {
            permit.giveBack();
            throw e;
        }
    }

    private void serve(Connection connection, StreamSession session, ThreadLimit.Permit permit) {
        try {
            service.serve(session);
        } catch (Throwable e) {
            // Once the connection is gone, an exception is how a blocked service learns of it.
            if (!session.isClosed()) {
                connection.serviceFailed(e);
            }
        } finally {
            permit.giveBack();
            session.served();
        }
    }
}
