/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.ssh;

import java.io.InputStream;
import org.peercred.console.internal.session.Desk;

/** {@code ssh HOST COMMAND}: one line, with the client's standard input, output and error, and an exit status. */
final class ExecCommand extends ChannelCommand {

    private final String line;

    ExecCommand(Desk desk, String line) {
        super(desk);
        this.line = line;
    }

    @Override
    int runAt(Interactive terminal) {
        return terminal.execute(line).status();
    }

    @Override
    InputStream inputOfCommands(InputStream in) {
        return in;
    }

    @Override
    int run(Unattended session, InputStream in) {
        return session.run(line).status();
    }
}
