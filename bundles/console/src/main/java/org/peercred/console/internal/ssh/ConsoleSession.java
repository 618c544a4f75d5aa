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

    private final StreamIoSession io;
    private final StreamConnection connection;
    private final ConsoleSubject subject;

    ConsoleSession(ServerFactoryManager server, StreamIoSession io, StreamConnection connection, ConsoleSubject subject)
            throws Exception {
        super(server, io);
        this.io = io;
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

    @Override
    public byte[] lastWords(Cause cause, String text) {
        return farewell(DisconnectWords.reasonOf(cause), DisconnectWords.textOf(text));
    }

    /**
     * The last packet. Nothing is sent behind it. Never waits: while a thread is stuck in a packet, because the client does not read,
     * there is nothing that could be understood behind a part of it.
     *
     * @return its bytes; none if it cannot be made now
     */
    byte[] farewell(int reason, String text) {
        if (!encodeLock.tryLock()) {
            return NOTHING;
        }
        try {
            Buffer message = createBuffer(SshConstants.SSH_MSG_DISCONNECT, text.length() + Long.SIZE);
            message.putInt(reason);
            message.putString(text);
            message.putString("");
            Buffer packet = encode(message);
            io.silence();
            return Arrays.copyOfRange(packet.array(), packet.rpos(), packet.wpos());
        } catch (IOException e) {
            return NOTHING;
        } finally {
            encodeLock.unlock();
        }
    }
}
