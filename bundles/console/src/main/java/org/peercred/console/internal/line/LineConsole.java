/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.console.internal.session.CommandSessions;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Outcome;
import org.peercred.console.internal.session.PacedOutput;
import org.peercred.console.internal.session.PlainOutput;
import org.peercred.console.internal.session.TypedLines;
import org.peercred.service.StreamConnection;

/**
 * The face for {@code nc} and scripts: a command a line; its output without colours, then {@code ok}, or {@code error:} and the
 * reason, alone on a line.
 */
public final class LineConsole {

    private final Desk desk;
    private final StreamConnection connection;
    private final ConsoleSubject subject;

    /** Serves nothing yet. */
    public LineConsole(Desk desk, StreamConnection connection, ConsoleSubject subject) {
        this.desk = desk;
        this.connection = connection;
        this.subject = subject;
    }

    /**
     * Serves the client until it sends no more. Called as the subject.
     *
     * @param input all that the client sends
     */
    public void serve(InputStream input) throws IOException {
        Charset charset = desk.settings().get().encoding();
        PacedOutput paced = new PacedOutput(
                new BufferedOutputStream(connection.output()), "peercred-console-output-" + connection.id());
        PlainOutput plain = new PlainOutput(paced);
        connection.lastWords(new PlainLastWords(plain));
        PrintStream out = new PrintStream(plain, true, charset);
        try (Session session = CommandSessions.open(desk, subject, InputStream.nullInputStream(), out, out)) {
            TypedLines typed = new TypedLines(connection, subject, session, desk.audit());
            LineInput lines = new LineInput(input, charset);
            boolean more = true;
            while (more && !out.checkError()) {
                more = serveLine(lines, typed, session, out, plain);
            }
        } finally {
            paced.close();
        }
    }

    private boolean serveLine(LineInput lines, TypedLines typed, Session session, PrintStream out, PlainOutput plain)
            throws IOException {
        try {
            Optional<String> line = lines.next();
            line.ifPresent(text -> answer(typed.run(text), out, plain));
            return line.isPresent();
        } catch (LineInput.BadLineException e) {
            Outcome refused = Outcome.notRun(e.getMessage());
            desk.audit().record(connection, session, "", refused);
            answer(refused, out, plain);
            return !e.isLast();
        }
    }

    private static void answer(Outcome outcome, PrintStream out, PlainOutput plain) {
        out.flush();
        plain.endSequence();
        if (plain.isWithinLine()) {
            out.println();
        }
        out.println(outcome.isOk() ? "ok" : "error: " + outcome.reason());
    }
}
