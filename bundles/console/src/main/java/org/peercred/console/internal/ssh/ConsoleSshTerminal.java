/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.EnumSet;
import org.apache.karaf.shell.api.console.SignalListener;
import org.apache.karaf.shell.api.console.Terminal;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.server.Environment;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;

/** The client's terminal. That its name ends like Karaf's own has Karaf greet as it does over SSH. */
final class ConsoleSshTerminal extends ExternalTerminal implements Terminal {

    private static final int NO_CHARACTER = 255;

    private final ClientEnvironment client;
    private final Runnable prompted;

    /**
     * Starts a thread that reads what is typed, until the terminal is closed.
     *
     * @param environment the client's, with its terminal
     * @param in what is typed
     * @param out what is shown
     * @param charset of both
     * @param prompted told, by whoever does it, that something is about to be asked at this terminal
     */
    ConsoleSshTerminal(Environment environment, InputStream in, OutputStream out, Charset charset, Runnable prompted)
            throws IOException {
        // Paused: if the rest fails, there is no thread that nobody ends.
        super(
                null,
                "Peercred console",
                new ClientEnvironment(environment).terminalType(),
                in,
                out,
                charset,
                SignalHandler.SIG_DFL,
                true);
        client = new ClientEnvironment(environment);
        this.prompted = prompted;
        environment.getPtyModes().forEach(this::set);
        resize();
        environment.addSignalListener(
                this::signalled,
                org.apache.sshd.server.Signal.INT,
                org.apache.sshd.server.Signal.QUIT,
                org.apache.sshd.server.Signal.TSTP,
                org.apache.sshd.server.Signal.CONT,
                org.apache.sshd.server.Signal.WINCH);
        resume();
    }

    @Override
    public Attributes enterRawMode() {
        prompted.run();
        return super.enterRawMode();
    }

    private void set(PtyMode mode, int value) {
        String name = mode.name();
        for (Attributes.ControlChar character : Attributes.ControlChar.values()) {
            if (character.name().equals(name) && value != NO_CHARACTER) {
                attributes.setControlChar(character, value);
            }
        }
        for (Attributes.InputFlag flag : Attributes.InputFlag.values()) {
            if (flag.name().equals(name)) {
                attributes.setInputFlag(flag, value != 0);
            }
        }
        for (Attributes.OutputFlag flag : Attributes.OutputFlag.values()) {
            if (flag.name().equals(name)) {
                attributes.setOutputFlag(flag, value != 0);
            }
        }
        for (Attributes.LocalFlag flag : Attributes.LocalFlag.values()) {
            if (flag.name().equals(name)) {
                attributes.setLocalFlag(flag, value != 0);
            }
        }
    }

    private void signalled(Channel channel, org.apache.sshd.server.Signal signal) {
        switch (signal) {
            case INT -> raise(Signal.INT);
            case QUIT -> raise(Signal.QUIT);
            case TSTP -> raise(Signal.TSTP);
            case CONT -> raise(Signal.CONT);
            case WINCH -> {
                resize();
                raise(Signal.WINCH);
            }
            default -> {}
        }
    }

    private void resize() {
        setSize(new Size(client.columns(), client.rows()));
    }

    @Override
    public int getWidth() {
        return size.getColumns();
    }

    @Override
    public int getHeight() {
        return size.getRows();
    }

    @Override
    public boolean isAnsiSupported() {
        return !client.terminalType().equals("dumb");
    }

    @Override
    public boolean isEchoEnabled() {
        return echo();
    }

    @Override
    public void setEchoEnabled(boolean enabled) {
        echo(enabled);
    }

    // Karaf's own terminal over SSH tells no signals to its listeners either: JLine's handlers are what commands use.

    @Override
    public void addSignalListener(SignalListener listener) {}

    @Override
    public void addSignalListener(SignalListener listener, org.apache.karaf.shell.api.console.Signal... signals) {}

    @Override
    public void addSignalListener(
            SignalListener listener, EnumSet<org.apache.karaf.shell.api.console.Signal> signals) {}

    @Override
    public void removeSignalListener(SignalListener listener) {}
}
