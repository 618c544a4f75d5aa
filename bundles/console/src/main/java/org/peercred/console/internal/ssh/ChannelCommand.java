/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.peercred.common.threads.Threads;
import org.peercred.console.internal.session.Desk;
import org.peercred.service.ThreadLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs in one channel, on a thread of its own, as the connection's subject. It ends with the channel. */
abstract class ChannelCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelCommand.class);

    private final Desk desk;
    private final List<ThreadLimit.Permit> permits = new ArrayList<>();
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private Thread thread;
    private Interactive terminal;
    private boolean over;

    ChannelCommand(Desk desk) {
        this.desk = desk;
    }

    /** Does it at the client's terminal, as the subject; returns an exit status. */
    abstract int runAt(Interactive terminal);

    /** What commands read where there is no terminal. */
    abstract InputStream inputOfCommands(InputStream in);

    /** Does it without a terminal, as the subject; returns an exit status. */
    abstract int run(Unattended session, InputStream in) throws IOException;

    @Override
    public final void setInputStream(InputStream stream) {
        in = stream;
    }

    @Override
    public final void setOutputStream(OutputStream stream) {
        out = stream;
    }

    @Override
    public final void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public final void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public final void start(ChannelSession channel, Environment environment) throws IOException {
        ConsoleSession session = (ConsoleSession) channel.getSession();
        boolean atTerminal = new ClientEnvironment(environment).hasTerminal();
        if (!takeThreads(atTerminal ? Interactive.THREADS : 1)) {
            err.write("Too many threads\n".getBytes(StandardCharsets.UTF_8));
            err.flush();
            exit.onExit(1);
            return;
        }
        try {
            begin(Threads.daemon(
                    () -> serve(session, environment),
                    "peercred-console-" + session.connection().id()));
        } catch (Throwable e) {
            giveBackThreads();
            throw e;
        }
    }

    private synchronized void begin(Thread worker) {
        thread = worker;
        if (over) {
            giveBackThreads();
        } else {
            worker.start();
        }
    }

    @Override
    public final void destroy(ChannelSession channel) {
        Interactive open;
        synchronized (this) {
            over = true;
            open = terminal;
            if (thread != null) {
                thread.interrupt();
            }
        }
        if (open != null) {
            open.stop();
        }
    }

    private void serve(ConsoleSession session, Environment environment) {
        int status = 1;
        try {
            status = session.subject().call(() -> run(session, environment));
        } catch (Exception | LinkageError e) {
            LOG.debug(
                    "A command of connection {} has failed",
                    session.connection().id(),
                    e);
        } finally {
            giveBackThreads();
            finish(status);
        }
    }

    private int run(ConsoleSession session, Environment environment) throws IOException {
        ClientEnvironment client = new ClientEnvironment(environment);
        if (!client.hasTerminal()) {
            try (Unattended unattended = new Unattended(desk, session, client, inputOfCommands(in), out, err)) {
                return run(unattended, in);
            }
        }
        try (Interactive opened = new Interactive(desk, session, environment, in, out)) {
            return isOpen(opened) ? runAt(opened) : 1;
        }
    }

    /** Whoever ends this has to know the terminal; false if that has happened already. */
    private synchronized boolean isOpen(Interactive opened) {
        terminal = opened;
        return !over;
    }

    private void finish(int status) {
        try {
            exit.onExit(status);
        } catch (RuntimeException e) {
            LOG.debug("The exit status {} reaches nobody", status, e);
        }
    }

    private synchronized boolean takeThreads(int count) {
        while (permits.size() < count) {
            Optional<ThreadLimit.Permit> permit = desk.threads().get();
            if (permit.isEmpty()) {
                giveBackThreads();
                return false;
            }
            permits.add(permit.get());
        }
        return true;
    }

    private synchronized void giveBackThreads() {
        permits.forEach(ThreadLimit.Permit::giveBack);
        permits.clear();
    }
}
