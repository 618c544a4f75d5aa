/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.io.InputStream;
import java.io.PrintStream;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;

/** Sessions that run commands without a terminal. */
public final class CommandSessions {

    private CommandSessions() {}

    /**
     * Opens one. Called as the subject, by the thread that will run its commands.
     *
     * @param desk makes it
     * @param subject whose it is
     * @param in what commands read
     * @param out what they print
     * @param err where they complain
     * @return a session, to be closed by the caller
     */
    public static Session open(Desk desk, ConsoleSubject subject, InputStream in, PrintStream out, PrintStream err) {
        Session session = desk.sessions().create(in, out, err);
        session.put(Subject.class.getName(), subject.subject());
        return session;
    }
}
