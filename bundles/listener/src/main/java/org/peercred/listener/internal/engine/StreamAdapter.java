/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.engine;

import org.peercred.service.LineConnection;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.StreamService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a listener offer a {@link StreamService}: each connection gets a thread, and streams between it and the loop. */
public final class StreamAdapter implements LineService {

    private static final Logger LOG = LoggerFactory.getLogger(StreamAdapter.class);

    private final StreamService service;

    /**
     * Adapts a service.
     *
     * @param service the service
     */
    public StreamAdapter(StreamService service) {
        this.service = service;
    }

    @Override
    public LineSession open(LineConnection connection) {
        StreamSession session = new StreamSession((Connection) connection);
        session.start(() -> serve(session));
        return session;
    }

    private void serve(StreamSession session) {
        try {
            service.serve(session);
        } catch (Throwable e) {
            // Once the connection is gone, an exception is how a blocked service learns of it.
            if (!session.isClosed()) {
                LOG.warn("The stream service failed for connection {}: {}", session.id(), e.toString());
                LOG.debug("The failure", e);
            }
        } finally {
            session.served();
        }
    }
}
