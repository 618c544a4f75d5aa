/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.peercred.console.internal.line.LineInput;
import org.peercred.console.internal.session.Desk;
import org.peercred.console.internal.session.Outcome;

/** {@code ssh HOST}: Karaf's console at a terminal; without one a script, a command a line, which ends where a line fails. */
final class ShellCommand extends ChannelCommand {

    ShellCommand(Desk desk) {
        super(desk);
    }

    @Override
    int runAt(Interactive terminal) {
        terminal.run();
        return 0;
    }

    /** It is the script. */
    @Override
    InputStream inputOfCommands(InputStream in) {
        return InputStream.nullInputStream();
    }

    @Override
    int run(Unattended session, InputStream in) throws IOException {
        LineInput lines = new LineInput(in, session.charset());
        try {
            for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
                Outcome outcome = session.run(line.get());
                if (!outcome.isOk()) {
                    return outcome.status();
                }
            }
            return 0;
        } catch (LineInput.BadLineException e) {
            return session.refuse(e.getMessage()).status();
        }
    }
}
