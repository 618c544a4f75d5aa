/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Terminal;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.osgi.framework.BundleContext;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;

/**
 * What the commands share. Karaf makes an instance for each call, fills its fields by reflection and calls it on the session's
 * thread, where {@link System#out} is the session's or the pipe's.
 */
abstract class PeercredAction implements Action {

    /** The scope of all commands. */
    static final String SCOPE = "peercred";

    /** The exit status for a program where the answer is no. */
    static final int NO = 1;

    /** The exit status for a program where there is no answer; why is in what was printed. */
    static final int NO_ANSWER = 2;

    private static final String TABLE = "table";
    private static final String JSON = "json";

    @Reference
    private BundleContext context;

    /** There is none for a command that is run over SSH without a shell. */
    @Reference(optional = true)
    private Terminal terminal;

    @Option(
            name = "--no-format",
            description = "For scripts: no headers and no colours, a line a row, cells separated by tabs")
    private boolean noFormat;

    @Option(
            name = "--output",
            aliases = "-o",
            description = "table for people; json for programs: docs/json.md has the keys and the exit statuses")
    @Completion(
            value = StringsCompleter.class,
            values = {TABLE, JSON})
    private String output = TABLE;

    /**
     * Does what was asked.
     *
     * @param services looks up services; closed afterwards
     * @param out where to print
     * @throws NegativeAnswer if it is done, all of it is printed, and the answer is no
     * @throws Refusal if it cannot be done
     * @throws InterruptedException if the user interrupts
     */
    abstract void run(Services services, PrintStream out) throws NegativeAnswer, Refusal, InterruptedException;

    /**
     * Runs the command.
     *
     * @return null if it succeeds: nothing more to print; for programs, else {@link #NO} or {@link #NO_ANSWER}, which Karaf's SSH
     *     and the console over a socket hand on as the exit status, and print nothing for. Gogo has no failure with a status: {@code a && b}
     *     goes on behind it
     * @throws CommandException for people, instead of an answer that is no and of a {@link Refusal}. Of this type Karaf shows the text and no
     *     stack, ends {@code bin/client} with status 1, and leaves the rest of a script or of {@code a && b} undone
     */
    @Override
    public final Object execute() throws CommandException, InterruptedException {
        try (Services services = new Services(context)) {
            check();
            run(services, System.out);
            return null;
        } catch (NegativeAnswer e) {
            if (json()) {
                return NO;
            }
            throw failure(e);
        } catch (Refusal e) {
            if (json()) {
                System.out.println(Documents.line(Map.of(Documents.ERROR, e.getMessage())));
                return NO_ANSWER;
            }
            throw failure(e);
        }
    }

    private void check() throws Refusal {
        if (!output.equals(TABLE) && !output.equals(JSON)) {
            throw new Refusal("An output is " + TABLE + " or " + JSON + ", not " + output + ".");
        }
        if (json() && noFormat) {
            throw new Refusal("Say either --no-format or -o json: there is one output.");
        }
    }

    private CommandException failure(Exception e) {
        return new CommandException(palette().paint(Palette.Tone.BAD, e.getMessage()), e.getMessage());
    }

    /** Whether a person reads the output. */
    final boolean formatted() {
        return !noFormat && !json();
    }

    /** Whether a program reads it that wants JSON. */
    final boolean json() {
        return output.equals(JSON);
    }

    final Palette palette() {
        return formatted() ? Palette.of(terminal) : new Palette(false);
    }

    final Grid grid() {
        return new Grid(palette(), !noFormat, terminal == null ? 0 : terminal.getWidth());
    }

    final BundleContext context() {
        return context;
    }
}
