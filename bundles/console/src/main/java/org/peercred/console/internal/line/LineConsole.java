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
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.console.internal.session.CommandSessions;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Outcome;
import org.peercred.console.internal.session.PacedOutput;
import org.peercred.console.internal.session.PlainOutput;
import org.peercred.console.internal.session.ThreadPermits;
import org.peercred.console.internal.session.TypedLines;
import org.peercred.service.StreamConnection;

/**
 * The face for {@code nc} and scripts: a command a line; its output without colours, then {@code ok}, or {@code error:} and the
 * reason, alone on a line.
 */
public final class LineConsole {

    /** One that sends what is printed while there is much of it; the connection has its own already. */
    private static final int THREADS = 1;

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
        Optional<ThreadPermits> permits = ThreadPermits.take(desk.threads(), THREADS);
        if (permits.isEmpty()) {
            String refusal = "error: "
                    + desk.audit().refuse(connection, ThreadPermits.TOO_MANY).reason() + "\n";
            connection.output().write(refusal.getBytes(StandardCharsets.UTF_8));
            return;
        }
        try {
            converse(input);
        } finally {
            permits.get().close();
        }
    }

    private void converse(InputStream input) throws IOException {
        Charset charset = desk.settings().get().encoding();
        PacedOutput paced = new PacedOutput(
                new BufferedOutputStream(connection.output()), "peercred-console-output-" + connection.id());
        PlainOutput plain = new PlainOutput(paced);
        connection.lastWords(new PlainLastWords(plain));
        PrintStream out = new PrintStream(plain, true, charset);
        try (Session session = CommandSessions.open(desk, subject, InputStream.nullInputStream(), out, out)) {
            TypedLines typed = new TypedLines(connection, subject, session, desk.audit());
            LineInput lines = new LineInput(input, charset);
            Answers answers = new Answers(out, plain, charset);
            boolean more = true;
            while (more && !out.checkError()) {
                more = serveLine(lines, typed, answers);
            }
        } finally {
            paced.close();
        }
    }

    private static boolean serveLine(LineInput lines, TypedLines typed, Answers answers) throws IOException {
        try {
            Optional<String> line = lines.next();
            if (line.isPresent()) {
                answers.add(typed.run(line.get()));
            }
            return line.isPresent();
        } catch (LineInput.BadLineException e) {
            answers.add(typed.refuse(e.getMessage()));
            return !e.isLast();
        }
    }

    /** Says what became of each line, behind what was printed. */
    private record Answers(PrintStream out, PlainOutput plain, Charset charset) {

        void add(Outcome outcome) throws IOException {
            out.flush();
            String words = outcome.isOk() ? "ok" : "error: " + outcome.reason();
            plain.writeLine(words.getBytes(charset));
        }
    }
}
