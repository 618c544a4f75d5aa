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
import java.util.function.Consumer;
import javax.security.auth.Subject;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.apache.karaf.shell.api.console.Session;
import org.apache.sshd.server.Environment;
import org.jline.reader.LineReader;
import org.peercred.console.internal.session.ConsoleSubject;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.OpenShells;
import org.peercred.console.internal.session.Outcome;
import org.peercred.console.internal.session.PacedOutput;
import org.peercred.console.internal.session.PromptedLines;
import org.peercred.console.internal.session.Starts;
import org.peercred.console.internal.session.TypedLines;
import org.peercred.service.StreamConnection;

/** Karaf's console at a client's terminal. Made and run by one thread, as the subject; stopped by any. */
final class Interactive implements AutoCloseable {

    /** This one, one that reads what is typed, one that sends what is shown while there is much of it. */
    static final int THREADS = 3;

    private final Desk desk;
    private final StreamConnection connection;
    private final ConsoleSubject subject;
    private final Opened opened = new Opened();
    private final HeldOutput greeting;
    private final ConsoleSshTerminal terminal;
    private final Session shell;
    private final CommandSession commands;
    private final PromptedLines prompted;
    private final Starts.Start start;

    Interactive(
            Desk desk,
            StreamConnection connection,
            ConsoleSubject subject,
            Environment environment,
            InputStream in,
            OutputStream out,
            Starts.Start start)
            throws IOException {
        this.start = start;
        this.desk = desk;
        this.connection = connection;
        this.subject = subject;
        ClientEnvironment client = new ClientEnvironment(environment);
        Charset charset = client.charset(desk.settings().get().encoding());
        prompted = new PromptedLines(this::begin);
        try {
            PacedOutput output = new PacedOutput(out, "peercred-console-output-" + connection.id());
            opened.add(output);
            greeting = new HeldOutput(output);
            opened.add(greeting);
            terminal = new ConsoleSshTerminal(environment, in, greeting, charset, this::prompted);
            opened.add(terminal);
            PrintStream shown = new PrintStream(terminal.output(), true, charset);
            shell = desk.sessions().create(terminal.input(), shown, shown, terminal, charset.name(), () -> {});
            opened.add(shell);
            commands = (CommandSession) shell.get(".commandSession");
            client.shown().forEach(shell::put);
            shell.put(Subject.class.getName(), subject.subject());
            LineReader reader = (LineReader) shell.get(".jline.reader");
            reader.setVariable(
                    LineReader.HISTORY_FILE, HistoryFile.of(connection.peer().uid()));
            opened.add(prompted::prompted);
            opened.add(() -> desk.open().remove(commands));
        } catch (Throwable e) {
            // Both the terminal and the output have a thread, which nobody else would end.
            opened.closeAfter(e);
            throw e;
        }
    }

    /** Prompts and runs commands until the client or its command {@code logout} ends it. */
    void run() {
        if (desk.settings().get().banner()) {
            terminal.writer().println(banner());
            terminal.flush();
        }
        desk.open().add(commands, new OpenShells.Listener() {
            @Override
            public void before(String line) {
                subject.refresh();
                prompted.before(line);
            }

            @Override
            public void after(String line, Outcome outcome) {
                prompted.after(line, outcome);
            }
        });
        shell.run();
    }

    /** Runs one line at the terminal. */
    Outcome execute(String line) {
        started();
        terminal.handle(org.jline.terminal.Terminal.Signal.INT, signal -> interrupt());
        Outcome outcome = new TypedLines(connection, subject, shell, desk.audit()).run(line);
        if (!outcome.words().isEmpty()) {
            shell.getConsole().println(outcome.words());
        }
        return outcome;
    }

    private void interrupt() {
        Job job = commands.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    private String banner() {
        String roles = subject.roles().isEmpty() ? "no role" : "the roles " + String.join(", ", subject.roles());
        return "You are " + subject.name() + " (uid " + connection.peer().uid() + ") here, with " + roles + ".";
    }

    /** Ends it: the client has gone. */
    void stop() {
        shell.close();
    }

    @Override
    public void close() throws IOException {
        start.ended();
        opened.close();
    }

    private void prompted() {
        started();
        prompted.prompted();
    }

    /** From now on, it is the client whom it waits for. */
    private void started() {
        start.ended();
        greeting.release();
    }

    private Consumer<Outcome> begin(String line) {
        return desk.audit().begin(connection, shell, line);
    }
}
