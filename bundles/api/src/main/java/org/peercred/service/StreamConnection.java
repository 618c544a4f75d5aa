/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One open connection, as its {@link StreamService} sees it. All methods may be called by any thread; for each stream there is one
 * thread at a time.
 */
@ProviderType
public interface StreamConnection extends PeerConnection {

    /**
     * What the client sends. Reading blocks; it returns -1 when the client has shut down its side, and throws {@link
     * java.io.IOException} when the connection was ended here, so that the two cannot be taken for each other. For one reader
     * at a time.
     *
     * @return always the same stream; closing it does nothing
     */
    InputStream input();

    /**
     * What the client gets. Writing blocks while more than the listener's {@code write.buffer} waits to be taken by the client;
     * {@link java.io.IOException} is thrown when the connection has ended. Every write is sent at once: wrap it in a {@link
     * java.io.BufferedOutputStream} where many small ones are made. A thread that is interrupted while it waits gets an {@link
     * java.io.InterruptedIOException}; of a write of up to 64 KiB that throws, nothing is sent. Threads other than the service's own are
     * told that the connection has ended before its last words are made, so that these can come behind what was sent. For one writer at
     * a time.
     *
     * @return always the same stream; closing it does nothing
     */
    OutputStream output();

    /**
     * Ends the connection from now on as soon as the client has closed it altogether, whether or not all that it sent was read: for a
     * service whose work is of no use without its client. Without, a client that sent something and left is served to its end,
     * and one that left while the service is busy is noticed when the service writes. A client that shuts down its side only is
     * still there, and is not idle from then on while it waits for the service.
     */
    void endWithClient();
}
