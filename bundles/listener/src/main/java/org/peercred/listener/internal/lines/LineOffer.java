/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.lines;

import java.util.Objects;
import org.peercred.listener.internal.engine.Connection;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Protocol;
import org.peercred.listener.internal.engine.ServiceConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;

/**
 * Offers a service that answers lines.
 *
 * @param service the service
 */
public record LineOffer(LineService service) implements Offer {

    @Override
    public Protocol open(Connection connection) {
        LineSession session =
                Objects.requireNonNull(service.open(new ServiceConnection(connection)), "the service gave no session");
        try {
            return new LineProtocol(connection, session);
        } catch (Throwable e) {
            session.closed();
            throw e;
        }
    }
}
