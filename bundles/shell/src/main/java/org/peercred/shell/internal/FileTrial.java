/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeSet;
import org.peercred.access.DryRun;
import org.peercred.access.Proposal;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.text.ForeignText;
import org.peercred.service.ConnectionReport;
import org.peercred.shell.internal.Palette.Tone;

/** {@code peercred:check --file}: what a configuration file would do, of which nothing is done. For one thread. */
final class FileTrial {

    private final PeercredAction action;
    private final Services services;
    private final PrintStream out;
    private final Accounts accounts;

    FileTrial(PeercredAction action, Services services, PrintStream out) {
        this.action = action;
        this.services = services;
        this.out = out;
        this.accounts = new Accounts(services);
    }

    /**
     * Tries one.
     *
     * @param file what was typed
     * @throws NegativeAnswer if it would be rejected
     * @throws Refusal if there is no such file, or a service is missing
     */
    void run(String file) throws NegativeAnswer, Refusal {
        Path path = path(file);
        try (Proposal proposal = services.need(DryRun.class).read(path)) {
            boolean accepted = proposal.result().problems().isEmpty();
            Consequences consequences = Consequences.of(proposal, services, accounts);
            if (action.json()) {
                out.println(Documents.line(TrialDocument.of(path, proposal, consequences, accounts)));
            } else {
                tell(path, proposal, consequences);
            }
            if (!accepted) {
                throw new NegativeAnswer(path.getFileName() + " would be rejected.");
            }
        }
    }

    private static Path path(String file) throws Refusal {
        try {
            Path path = Path.of(file);
            if (path.getFileName() != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new Refusal("\"" + file + "\" cannot be the path of a file.");
        }
        throw new Refusal("There is no file " + file + ".");
    }

    private void tell(Path path, Proposal proposal, Consequences consequences) {
        proposal.result()
                .problems()
                .forEach(problem -> out.println(action.palette().paint(Tone.BAD, ForeignText.escape(problem))));
        proposal.result()
                .warnings()
                .forEach(warning -> out.println(action.palette().paint(Tone.WARNING, ForeignText.escape(warning))));
        if (!proposal.result().problems().isEmpty()) {
            return;
        }
        if (action.formatted()) {
            String name = ForeignText.escape(path.getFileName() + " would be accepted, as " + proposal.pid() + ".");
            out.println(action.palette().paint(Tone.GOOD, name));
        }
        Grid changes = grid("key").text("Key").text("Now").text("Then");
        proposal.changes()
                .forEach(change -> row(
                        changes,
                        "key",
                        change.key(),
                        change.before().orElse("(not set)"),
                        change.after().orElse("(not set)")));
        changes.print(out, "It says what is in force already.");
        proposal.effects().forEach(this::effect);
        if (proposal.keysOnly()) {
            effect(
                    "Checked: keys and values only. What would become of open connections is not looked at for this file.");
        }
        if (proposal.access().isPresent()) {
            tellWhoIsDecidedAbout(consequences);
        }
        if (proposal.roles().isPresent()) {
            tellWhoHasOtherRoles(consequences);
        }
    }

    private void effect(String sentence) {
        if (action.formatted()) {
            out.println(ForeignText.escape(sentence));
        } else {
            action.grid().text("about").text("sentence").row("effect", sentence).print(out, "");
        }
    }

    private void tellWhoIsDecidedAbout(Consequences consequences) {
        Grid cutOff = grid("cut-off")
                .number("Cut off")
                .text("Listener")
                .text("User")
                .number("PID")
                .text("Reason");
        consequences
                .cutOff()
                .forEach(one -> row(
                        cutOff,
                        "cut-off",
                        one.connection().id(),
                        one.connection().listener(),
                        accounts.user(one.connection().uid()),
                        pid(one.connection()),
                        one.decision().reason()));
        cutOff.print(out, "No open connection would be cut off.");
        Grid letIn = grid("let-in").text("Let in").text("Listener").text("Reason");
        consequences
                .letIn()
                .forEach(one -> row(letIn, "let-in", accounts.user(one.uid()), one.listener(), one.reason()));
        letIn.print(out, "Nobody who was refused lately would be let in.");
    }

    private void tellWhoHasOtherRoles(Consequences consequences) {
        Grid roles = grid("roles")
                .number("Roles of")
                .text("Listener")
                .text("User")
                .number("PID")
                .text("Gains")
                .text("Loses")
                .text("Granted")
                .text("Not granted");
        consequences
                .roles()
                .forEach(one -> row(
                        roles,
                        "roles",
                        one.connection().id(),
                        one.connection().listener(),
                        accounts.user(one.connection().uid()),
                        pid(one.connection()),
                        list(new TreeSet<>(one.answer().gained())),
                        list(new TreeSet<>(one.answer().lost())),
                        list(one.answer().granted()),
                        list(one.answer().withdrawn())));
        roles.print(out, "Nobody who is connected would have other roles.");
    }

    private static Object pid(ConnectionReport connection) {
        return connection.pid().isPresent() ? connection.pid().getAsInt() : "-";
    }

    private static String list(Collection<String> texts) {
        return texts.isEmpty() ? "-" : String.join(", ", texts);
    }

    /** Without format, the first cell says what a row is about. */
    private Grid grid(String about) {
        if (action.formatted()) {
            out.println();
            return action.grid();
        }
        return action.grid().text(about);
    }

    private void row(Grid grid, String about, Object... cells) {
        if (action.formatted()) {
            grid.row(cells);
            return;
        }
        Object[] all = new Object[cells.length + 1];
        all[0] = about;
        System.arraycopy(cells, 0, all, 1, cells.length);
        grid.row(all);
    }
}
