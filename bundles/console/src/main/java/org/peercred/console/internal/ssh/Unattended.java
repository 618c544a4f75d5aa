/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.console.internal.session.CommandSessions;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Outcome;
import org.peercred.console.internal.session.PacedOutput;
import org.peercred.console.internal.session.PlainOutput;
import org.peercred.console.internal.session.TypedLines;

/** Commands without a terminal: no colours, errors apart from output. Made, used and closed by one thread, as the subject. */
final class Unattended implements AutoCloseable {

    /** This one, and one that sends what is printed while there is much of it. */
    static final int THREADS = 2;

    private final Charset charset;
    private final Opened opened = new Opened();
    private final PrintStream stdout;
    private final PrintStream stderr;
    private final Session shell;
    private final TypedLines typed;

    /**
     * Opens a session.
     *
     * @param desk makes it
     * @param session whose it is
     * @param client its environment
     * @param in what commands read
     * @param out what they print
     * @param err where they complain
     */
    Unattended(
            Desk desk,
            ConsoleSession session,
            ClientEnvironment client,
            InputStream in,
            OutputStream out,
            OutputStream err) {
        charset = client.charset(desk.settings().get().encoding());
        PacedOutput output = new PacedOutput(
                out, "peercred-console-output-" + session.connection().id());
        opened.add(output);
        stdout = new PrintStream(new PlainOutput(output), true, charset);
        stderr = new PrintStream(new PlainOutput(err), true, charset);
        opened.add(stderr::flush);
        try {
            shell = CommandSessions.open(desk, session.subject(), in, stdout, stderr);
            opened.add(shell);
            client.shown().forEach(shell::put);
            typed = new TypedLines(session.connection(), session.subject(), shell, desk.audit());
        } catch (Throwable e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    Charset charset() {
        return charset;
    }

    /** Runs a line, and says why it failed. */
    Outcome run(String line) {
        Outcome outcome = typed.run(line);
        stdout.flush();
        if (!outcome.words().isEmpty()) {
            complain(outcome.words());
        }
        return outcome;
    }

    /** Says why a line cannot be run. */
    Outcome refuse(String reason) {
        complain(reason);
        return typed.refuse(reason);
    }

    private void complain(String reason) {
        stderr.println(reason);
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }
}
