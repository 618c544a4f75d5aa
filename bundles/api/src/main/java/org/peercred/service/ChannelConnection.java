/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.peercred.access.Decision;

/**
 * One open connection, as its {@link ChannelService} sees it. All methods may be called by any thread at any time. None waits for
 * the client, but for the moment that {@link #read} looks again, or for an event loop: reading and writing go to the kernel from the
 * calling thread, which keeps the connection's end waiting for no longer than one system call takes. The end waits for that, so that none
 * of them ever reaches another connection that got its descriptor.
 *
 * <p>How to wait for more without missing it: say somewhere that {@link
 * ChannelSession#readable()} is waited for, and then ask {@link #isReadable()}: if it is true, it may have been called in between.
 * Likewise for writing.
 */
@ProviderType
public interface ChannelConnection extends PeerConnection {

    /**
     * Reads what there is. Where so much of what the peer did waits to be audited that the peer has to wait for it, there is
     * nothing until that is written.
     *
     * <p>Where there is nothing and the client has sent on at once several times, it is looked again for up to 50 microseconds, in which other
     * threads that read wait; not on an event loop, and not where the engine's configuration says {@code spin = off}.
     *
     * @param bytes takes it, from position to limit; the position is moved behind what was read. A direct buffer is filled by the
     *     kernel itself; with one on the heap, at most 64 KiB are read at once
     * @return how many bytes, 0 if there are none now or there is no room for any; -1 if the client sends no more
     * @throws IOException if the connection has ended or is broken; whatever was broken is ended by then
     * @throws java.nio.ReadOnlyBufferException if the buffer cannot take anything
     */
    int read(ByteBuffer bytes) throws IOException;

    /**
     * Writes as much as the kernel takes, in one system call where that is little.
     *
     * @param bytes from position to limit, one after the other; the positions are moved behind what was taken
     * @return how many bytes were taken, 0 or greater; if any remain, {@link ChannelSession#writable()} tells when to go on
     * @throws IOException if the connection has ended or is broken, or its output was shut down; whatever was broken is ended by then
     */
    long write(ByteBuffer... bytes) throws IOException;

    /**
     * Whether there may be something to read: where the last {@link #read} left something, as far as is known, or something may have come
     * since it began.
     *
     * @return false only after a read that returned 0, until more is noticed, before {@link ChannelSession#readable()} is called
     */
    boolean isReadable();

    /**
     * Whether room may have become free since the last {@link #write} began.
     *
     * @return true from when that is noticed, before {@link ChannelSession#writable()} is called, until the next write
     */
    boolean isWritable();

    /**
     * Tells the client that nothing more comes, and goes on reading. Again, does nothing.
     *
     * @throws IOException if the connection has ended or is broken
     */
    void shutdownOutput() throws IOException;

    /**
     * Ends the connection: what was written reaches the client, and then a clean end of stream, whatever it sends meanwhile. From now
     * on reading and writing throw; {@link ChannelSession#closed()} follows soon. Again, does nothing.
     */
    void end();

    /**
     * Whether it can still be read or written.
     *
     * @return false from when it ends, for whatever reason
     */
    boolean isOpen();

    /**
     * Decides, on the calling thread: facts that policies need are read from the peer by it, once.
     *
     * @param action for instance {@link org.peercred.access.AccessRequest#command(String)}
     * @return the decision; a refusal, with the reason, when there is nobody to decide
     */
    @Override
    Decision decide(String action);

    /**
     * The peer's roles on this listener, as they are configured now; worked out on the calling thread.
     *
     * @return names of roles; none when there is nobody to tell. Unmodifiable
     * @throws IllegalStateException if whoever knows them fails
     */
    @Override
    Set<String> roles();
}
