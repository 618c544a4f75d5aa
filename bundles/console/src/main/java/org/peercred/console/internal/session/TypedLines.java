/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.io.PrintStream;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.service.PeerConnection;

/** Runs lines one after the other in a session, as one user, and records each. For one thread. */
public final class TypedLines {

    private final PeerConnection connection;
    private final ConsoleSubject subject;
    private final Session session;
    private final LineAudit audit;
    private final InitScript script;

    /** Runs nothing yet. */
    public TypedLines(PeerConnection connection, ConsoleSubject subject, Session session, LineAudit audit) {
        this.connection = connection;
        this.subject = subject;
        this.session = session;
        this.audit = audit;
        this.script = new InitScript(session);
    }

    /**
     * Runs a line. What it returns is printed, as Karaf's own console does.
     *
     * @param line what was typed
     * @return what became of it
     */
    public Outcome run(String line) {
        subject.refresh();
        script.prepare(line);
        Consumer<Outcome> record = audit.begin(connection, session, line);
        Outcome outcome = Outcome.notRun("it did not end");
        try {
            Object value = session.execute(line);
            print(value);
            outcome = Outcome.of(value);
        } catch (Exception | LinkageError | StackOverflowError e) {
            outcome = Outcome.of(e);
        } finally {
            record.accept(outcome);
        }
        return outcome;
    }

    /**
     * Records a line that cannot be run.
     *
     * @param reason why, in words for its user
     * @return what became of it
     */
    public Outcome refuse(String reason) {
        return audit.refuse(connection, reason);
    }

    private void print(Object value) {
        PrintStream console = session.getConsole();
        if (value != null && !(value instanceof Integer)) {
            CommandSession commands = (CommandSession) session.get(".commandSession");
            console.println(Objects.toString(commands.format(value, Converter.INSPECT)));
        }
        console.flush();
    }
}
