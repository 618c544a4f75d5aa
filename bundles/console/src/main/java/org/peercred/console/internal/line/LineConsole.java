/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.line;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.console.internal.session.CommandSessions;
import org.peercred.console.internal.session.CommandThread;
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

    /** One that runs the commands, one that sends what is printed while there is much of it; the connection has its own already. */
    private static final int THREADS = 2;

    private final Desk desk;
    private final StreamConnection connection;
    private final ConsoleSubject subject;
    private volatile boolean over;

    /** Serves nothing yet. */
    public LineConsole(Desk desk, StreamConnection connection, ConsoleSubject subject) {
        this.desk = desk;
        this.connection = connection;
        this.subject = subject;
    }

    /**
     * Serves the client until it sends no more. Interrupted, it ends: a command that runs then ends by itself, and no other is begun.
     *
     * @param input all that the client sends
     * @throws IOException when the connection has ended
     */
    public void serve(InputStream input) throws IOException {
        Optional<ThreadPermits> permits = ThreadPermits.take(desk.threads(), THREADS);
        if (permits.isEmpty()) {
            String refusal = "error: "
                    + desk.audit().refuse(connection, ThreadPermits.TOO_MANY).reason() + "\n";
            connection.output().write(refusal.getBytes(StandardCharsets.UTF_8));
            return;
        }
        FutureTask<Void> conversation = new FutureTask<>(() -> {
            try {
                return subject.call(() -> {
                    converse(input);
                    return null;
                });
            } finally {
                permits.get().close();
            }
        });
        CommandThread thread =
                new CommandThread(conversation, "peercred-console-" + connection.id(), () -> {}, desk.stop());
        try {
            thread.start();
        } catch (Throwable e) {
            permits.get().close();
            throw e;
        }
        await(conversation, thread);
    }

    private void await(FutureTask<Void> conversation, CommandThread thread) throws IOException {
        try {
            conversation.get();
        } catch (InterruptedException e) {
            over = true;
            thread.end();
            throw new InterruptedIOException("The connection has ended.");
        } catch (ExecutionException e) {
            // As it would have been thrown here: only the end of a connection is no news for the log.
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e.getCause() instanceof IOException ended ? ended : new IOException(e.getCause());
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
            while (more && !over && !out.checkError()) {
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
