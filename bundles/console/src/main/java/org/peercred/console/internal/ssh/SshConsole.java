/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;
import org.peercred.common.text.ForeignText;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.service.StreamConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The face for SSH's clients. Safe to be used by any thread. */
public final class SshConsole {

    private static final Logger LOG = LoggerFactory.getLogger(SshConsole.class);

    /** How long a client has until it is served: for its version, the exchange of keys and the authentication that is none. */
    private static final long SECONDS_TO_BEGIN = 30;

    private static final int READ_SIZE = 32 * 1024;

    private final Desk desk;
    private final SshServer server;

    /**
     * Sets it up.
     *
     * @param desk runs what clients ask for
     * @param data the container's data directory
     * @throws IOException if the key cannot be kept there
     * @throws GeneralSecurityException if Java has no such keys
     */
    public SshConsole(Desk desk, Path data) throws IOException, GeneralSecurityException {
        this.desk = desk;
        this.server = ConsoleServer.make(desk, data);
    }

    /**
     * Serves a client until one of the two ends it. Interrupted, it ends.
     *
     * @param connection whose
     * @param subject who that is
     * @param input all that the client sends
     */
    public void serve(StreamConnection connection, ConsoleSubject subject, InputStream input) throws IOException {
        Thread thread = Thread.currentThread();
        StreamIoSession io = new StreamIoSession(connection.id(), connection.output(), () -> {
            if (Thread.currentThread() != thread) {
                thread.interrupt();
            }
        });
        ConsoleSession session = open(io, connection, subject);
        connection.lastWords(session);
        Optional<Future<?>> deadline = Optional.empty();
        try {
            deadline = Optional.of(desk.clock()
                    .schedule(
                            () -> {
                                if (!session.isAuthenticated()) {
                                    thread.interrupt();
                                }
                            },
                            SECONDS_TO_BEGIN,
                            TimeUnit.SECONDS));
            converse(session, io, input);
        } finally {
            deadline.ifPresent(due -> due.cancel(false));
            // An interrupt has done its work, and what follows is not to stumble over it.
            Thread.interrupted();
            session.close(true);
        }
    }

    private ConsoleSession open(StreamIoSession io, StreamConnection connection, ConsoleSubject subject)
            throws IOException {
        try {
            new SessionFactory(server) {
                @Override
                protected ServerSessionImpl doCreateSession(IoSession ioSession) throws Exception {
                    return new ConsoleSession(server, io, connection, subject);
                }
            }.sessionCreated(io);
            return (ConsoleSession) AbstractSession.getSession(io);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void converse(ConsoleSession session, StreamIoSession io, InputStream input) throws IOException {
        byte[] bytes = new byte[READ_SIZE];
        try {
            for (int count = input.read(bytes); count > 0 && !io.isClosing(); count = input.read(bytes)) {
                session.messageReceived(new ByteArrayBuffer(bytes, 0, count));
                // Who sends and sends never has this thread wait, and so never hears of an interrupt.
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException();
                }
            }
        } catch (Exception e) {
            explain(session, e);
        }
    }

    /** Says why it ends, as far as the client's own fault goes; nothing where the connection has ended already. */
    private static void explain(ConsoleSession session, Exception failure) throws IOException {
        LOG.debug("Connection {} ends", session.connection().id(), failure);
        int reason = SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR;
        String text = "Protocol error";
        if (failure instanceof SshException fault && fault.getDisconnectCode() > 0) {
            reason = fault.getDisconnectCode();
            text = ForeignText.replace(String.valueOf(fault.getMessage()), 200);
        } else if (failure instanceof InterruptedIOException) {
            reason = SshConstants.SSH2_DISCONNECT_BY_APPLICATION;
            text = session.isAuthenticated() ? "The console ends" : "No keys were exchanged in time";
        }
        byte[] last = session.farewell(reason, text);
        if (last.length > 0) {
            Thread.interrupted();
            session.connection().output().write(last);
        }
    }
}
