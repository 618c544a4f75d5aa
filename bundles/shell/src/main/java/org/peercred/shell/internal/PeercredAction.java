/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Terminal;
import org.apache.karaf.shell.support.CommandException;
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

    @Reference
    private BundleContext context;

    /** There is none for a command that is run over SSH without a shell. */
    @Reference(optional = true)
    private Terminal terminal;

    @Option(
            name = "--no-format",
            description = "For scripts: no headers and no colours, a line a row, cells separated by tabs")
    private boolean noFormat;

    /**
     * Does what was asked.
     *
     * @param services looks up services; closed afterwards
     * @param out where to print
     * @throws Refusal if it cannot be done
     * @throws InterruptedException if the user interrupts
     */
    abstract void run(Services services, PrintStream out) throws Refusal, InterruptedException;

    /**
     * Runs the command.
     *
     * @return null: nothing more to print
     * @throws CommandException instead of a {@link Refusal}. Of this type Karaf shows the text and no stack, ends {@code
     *     bin/client} with status 1, and leaves the rest of a script or of {@code a && b} undone
     */
    @Override
    public final Object execute() throws CommandException, InterruptedException {
        try (Services services = new Services(context)) {
            run(services, System.out);
            return null;
        } catch (Refusal e) {
            throw new CommandException(palette().paint(Palette.Tone.BAD, e.getMessage()), e.getMessage());
        }
    }

    /** Whether a person reads the output. */
    final boolean formatted() {
        return !noFormat;
    }

    final Palette palette() {
        return noFormat ? new Palette(false) : Palette.of(terminal);
    }

    final Grid grid() {
        return new Grid(palette(), !noFormat, terminal == null ? 0 : terminal.getWidth());
    }

    final BundleContext context() {
        return context;
    }
}
