/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.apache.sshd.server.SshServer;
import org.peercred.console.internal.session.Desk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the console for SSH's clients ready before the first one comes, without anybody waiting for it. Safe to be used by any thread. */
public final class SshFace {

    private static final Logger LOG = LoggerFactory.getLogger(SshFace.class);

    private final Desk desk;
    private final Path data;
    private SshConsole console;

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

    /** Sets it up. Where that cannot be done, the next client tries again. */
    public void prepare() {
        try {
            console();
        } catch (IOException e) {
            LOG.warn("The console cannot be reached over SSH: {}", e.toString());
        }
    }

    /**
     * The console, set up.
     *
     * @throws IOException if that cannot be done
     */
    public synchronized SshConsole console() throws IOException {
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
