/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.apache.sshd.server.SshServer;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.service.LastWords;
import org.peercred.service.StreamConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console for SSH's clients: ready before the first one comes, without anybody waiting for it. Where it cannot be had, the log says
 * why, and each client tries again. Safe to be used by any thread.
 */
public final class SshFace {

    private static final Logger LOG = LoggerFactory.getLogger(SshFace.class);
    private static final String UNAVAILABLE = "The console cannot be reached over SSH: the container's log says why";

    private final Desk desk;
    private final Path data;
    private SshConsole console;
    private String complaint = "";

    /**
     * Sets nothing up yet.
     *
     * @param desk runs what clients ask for
     * @param data the container's data directory
     */
    public SshFace(Desk desk, Path data) {
        this.desk = desk;
        this.data = data;
    }

    /** Sets it up, unless it is. */
    public void prepare() {
        console();
    }

    /**
     * Serves a client until one of the two ends it. Interrupted, it ends.
     *
     * @param connection whose
     * @param subject who that is
     * @param input all that the client sends
     * @throws IOException when the connection has ended
     */
    public void serve(StreamConnection connection, ConsoleSubject subject, InputStream input) throws IOException {
        Optional<SshConsole> ready = console();
        if (ready.isPresent()) {
            ready.get().serve(connection, subject, input);
        } else {
            connection.output().write(new DisconnectWords().lastWords(LastWords.Cause.UNAVAILABLE, UNAVAILABLE));
        }
    }

    private synchronized Optional<SshConsole> console() {
        try {
            return Optional.of(setUp());
        } catch (IOException e) {
            String why =
                    e instanceof FileSystemException file && file.getReason() != null ? e.getMessage() : e.toString();
            if (!why.equals(complaint)) {
                LOG.warn("The console cannot be reached over SSH: {}", why);
                complaint = why;
            }
            return Optional.empty();
        }
    }

    private SshConsole setUp() throws IOException {
        if (console == null) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            // MINA SSHD finds parts of itself through it.
            thread.setContextClassLoader(SshServer.class.getClassLoader());
            try {
                console = new SshConsole(desk, data);
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            } finally {
                thread.setContextClassLoader(before);
            }
        }
        return console;
    }
}
