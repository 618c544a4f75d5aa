/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.peercred.console.internal.session.CommandThread;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Starts;
import org.peercred.console.internal.session.ThreadPermits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs in one channel, on a thread of its own, as the connection's subject. It ends with the channel. */
abstract class ChannelCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelCommand.class);

    private final Desk desk;
    private InputStream in;
    private OutputStream out;
    private OutputStream err;
    private ExitCallback exit;
    private CommandThread thread;
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
        Optional<ThreadPermits> permits =
                ThreadPermits.take(desk.threads(), atTerminal ? Interactive.THREADS : Unattended.THREADS);
        if (permits.isEmpty()) {
            refuse(session);
            return;
        }
        try {
            begin(session, environment, permits.get());
        } catch (Throwable e) {
            permits.get().close();
            throw e;
        }
    }

    private void refuse(ConsoleSession session) throws IOException {
        desk.audit().refuse(session.connection(), ThreadPermits.TOO_MANY);
        err.write((ThreadPermits.TOO_MANY + "\r\n").getBytes(StandardCharsets.UTF_8));
        err.flush();
        exit.onExit(1);
    }

    private synchronized void begin(ConsoleSession session, Environment environment, ThreadPermits permits) {
        thread = new CommandThread(
                () -> serve(session, environment, permits),
                "peercred-console-" + session.connection().id(),
                this::stopTerminal,
                desk.stop());
        if (over || !thread.start()) {
            permits.close();
        }
    }

    @Override
    public final void destroy(ChannelSession channel) {
        CommandThread begun;
        synchronized (this) {
            over = true;
            begun = thread;
        }
        if (begun != null) {
            begun.end();
        }
    }

    private void stopTerminal() {
        Interactive open;
        synchronized (this) {
            open = terminal;
        }
        if (open != null) {
            open.stop();
        }
    }

    private void serve(ConsoleSession session, Environment environment, ThreadPermits permits) {
        int status = 1;
        try {
            status = session.subject().call(() -> run(session, environment));
        } catch (Exception | LinkageError e) {
            LOG.debug(
                    "A command of connection {} has failed",
                    session.connection().id(),
                    e);
        } finally {
            permits.close();
            finish(status);
        }
    }

    private int run(ConsoleSession session, Environment environment) throws IOException, InterruptedException {
        ClientEnvironment client = new ClientEnvironment(environment);
        if (!client.hasTerminal()) {
            try (Unattended unattended = new Unattended(desk, session, client, inputOfCommands(in), out, err)) {
                return run(unattended, in);
            }
        }
        Starts.Start start = desk.starts().begin(session.connection().peer().uid());
        try (Interactive opened =
                new Interactive(desk, session.connection(), session.subject(), environment, in, out, start)) {
            return isOpen(opened) ? runAt(opened) : 1;
        } finally {
            start.ended();
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
}
