/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.service.LastWords;
import org.peercred.service.StreamConnection;
import org.slf4j.helpers.NOPLogger;

/** SSH on one connection, of which the kernel has said whose it is. */
final class ConsoleSession extends ServerSessionImpl implements LastWords {

    private static final byte[] NOTHING = {};
    private static final int MOST_PENDING = 1000;

    /** How long a thread may take that makes a packet, or is just told that it has ended. */
    private static final long MOST_ENCODING_MILLIS = 1000;

    private final PacketOutput packets;
    private final StreamConnection connection;
    private final ConsoleSubject subject;
    private final Thread serving = Thread.currentThread();

    /** Made by the thread that serves the connection. */
    ConsoleSession(ServerFactoryManager server, StreamIoSession io, StreamConnection connection, ConsoleSubject subject)
            throws Exception {
        super(server, io);
        this.packets = io.packets();
        this.connection = connection;
        this.subject = subject;
    }

    /**
     * Says nothing of what a client can have said again and again: that keys are exchanged anew. Replies that wait for the end of that
     * are bounded: a client can put it off and ask for more of them.
     */
    @Override
    protected KeyExchangeMessageHandler initializeKeyExchangeMessageHandler() {
        return new KeyExchangeMessageHandler(this, NOPLogger.NOP_LOGGER) {
            @Override
            protected IoWriteFuture writeOrEnqueue(int command, Buffer buffer, long timeout, TimeUnit unit)
                    throws IOException {
                if (pendingPackets.size() >= MOST_PENDING) {
                    throw new SshException(
                            SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR,
                            "Too many replies wait for the exchange of keys");
                }
                return super.writeOrEnqueue(command, buffer, timeout, unit);
            }
        };
    }

    StreamConnection connection() {
        return connection;
    }

    ConsoleSubject subject() {
        return subject;
    }

    /** Whatever name the client gives, it is who the kernel says. */
    @Override
    public IoWriteFuture signalAuthenticationSuccess(String username, String authService, Buffer buffer)
            throws Exception {
        return super.signalAuthenticationSuccess(subject.name(), authService, buffer);
    }

    /** How many connections a user may have, the listener knows. */
    @Override
    public int getActiveSessionCountForUser(String userName) {
        return 0;
    }

    /**
     * What was just being sent comes first, whole. Waits for no client: only until a thread has made a packet, or has let go of one, as all
     * do now but the one that serves the connection; where that one is stuck, there are no words.
     */
    @Override
    public byte[] lastWords(Cause cause, String text) {
        packets.cut();
        try {
            return !packets.isSending(serving) && encodeLock.tryLock(MOST_ENCODING_MILLIS, TimeUnit.MILLISECONDS)
                    ? lastPacket(DisconnectWords.reasonOf(cause), DisconnectWords.textOf(text))
                    : NOTHING;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NOTHING;
        }
    }

    /**
     * The last packet. Nothing is sent behind it. Never waits: while a thread is stuck in a packet, because the client does not read,
     * there is nothing that could be understood behind a part of it. Where the listener ends the connection, that has the last word.
     *
     * @return its bytes; none if it cannot be made now
     */
    byte[] farewell(int reason, String text) {
        return !packets.isCut() && encodeLock.tryLock() ? lastPacket(reason, text) : NOTHING;
    }

    /** Lets go of the lock that its caller has taken. */
    private byte[] lastPacket(int reason, String text) {
        try {
            Buffer message = createBuffer(SshConstants.SSH_MSG_DISCONNECT, text.length() + Long.SIZE);
            message.putInt(reason);
            message.putString(text);
            message.putString("");
            Buffer packet = encode(message);
            return packets.takeUnsent()
                    .map(unsent -> joined(unsent, packet.getCompactData()))
                    .orElse(NOTHING);
        } catch (IOException e) {
            return NOTHING;
        } finally {
            encodeLock.unlock();
        }
    }

    private static byte[] joined(byte[] first, byte[] last) {
        byte[] both = Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, both, first.length, last.length);
        return both;
    }
}
