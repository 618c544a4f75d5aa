/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.felix.service.command.Process;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.AuditLog.Entry;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.shell.internal.Palette.Tone;
import org.peercred.shell.internal.completion.EventCompleter;
import org.peercred.shell.internal.completion.ListenerCompleter;
import org.peercred.shell.internal.completion.UserCompleter;

/** {@code peercred:audit}. */
@Service
@Command(
        scope = PeercredAction.SCOPE,
        name = "audit",
        description = "Shows the latest audit events: who was let in, turned away, cut off, and what they ran",
        detailedDescription =
                """
                The lines are those of the audit's file, whatever its format, with their times; some hundreds are kept in memory. \
                Filters come before -n. Repeated refusals of one user are one line a second for each reason, with count=N.

                Examples:
                  peercred:audit                                  the latest events
                  peercred:audit --event denied,revoked -n 20     the latest 20 refusals
                  peercred:audit --uid alice --listener echo      those of alice on the listener echo
                  peercred:audit --follow --event denied          refusals, and those to come, until Ctrl-C
                """)
public final class AuditCommand extends PeercredAction {

    /** As in the log file. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    @Reference
    private Session session;

    @Option(name = "--event", aliases = "-e", description = "Only these kinds of events, separated by commas")
    @Completion(EventCompleter.class)
    private String event;

    @Option(name = "--uid", aliases = "-u", description = "Only events of this user, by id or name")
    @Completion(UserCompleter.class)
    private String uid;

    @Option(name = "--listener", aliases = "-l", description = "Only events on this listener")
    @Completion(ListenerCompleter.class)
    private String listener;

    @Option(name = "-n", aliases = "--number", description = "How many of the latest events")
    private int number = 50;

    @Option(name = "--follow", aliases = "-f", description = "Go on with events as they happen, until interrupted")
    private boolean follow;

    @Override
    void run(Services services, PrintStream out) throws Refusal, InterruptedException {
        if (number < 0) {
            throw new Refusal("A number of events is 0 or greater, not " + number + ".");
        }
        AuditLog log = services.need(AuditLog.class);
        Accounts accounts = new Accounts(services);
        AuditFilter filter = AuditFilter.of(event, uid, listener, accounts);
        if (!follow) {
            showLatest(log.latest(), filter, accounts, out);
            return;
        }
        if (!Process.Utils.current().isTty(1)) {
            throw new Refusal(
                    "Events are followed on the console only, not through a pipe or into a file; there are filters.");
        }
        PrintStream console = session.getConsole();
        try (AuditFollower follower = new AuditFollower(log, filter)) {
            List<Entry> latest = log.latest();
            matching(latest, filter).forEach(entry -> console.println(line(entry, accounts)));
            follower.run(latest, console, entry -> line(entry, accounts), this::missed, services::stillThere);
        }
        if (!services.stillThere()) {
            throw new Refusal("The audit log has gone: nothing more to follow.");
        }
    }

    private void showLatest(List<Entry> latest, AuditFilter filter, Accounts accounts, PrintStream out) {
        List<Entry> shown = matching(latest, filter);
        if (json()) {
            out.println(Documents.line(
                    shown.stream().map(entry -> document(entry, accounts)).toList()));
            return;
        }
        shown.forEach(entry -> out.println(line(entry, accounts)));
        if (formatted() && latest.stream().noneMatch(filter)) {
            out.println(latest.isEmpty() ? "No decisions yet." : "No event matches.");
        }
    }

    /** The latest of those that are wanted. */
    private List<Entry> matching(List<Entry> entries, AuditFilter filter) {
        List<Entry> matching = entries.stream().filter(filter).toList();
        return matching.subList(Math.max(0, matching.size() - number), matching.size());
    }

    private String line(Entry entry, Accounts accounts) {
        if (json()) {
            return Documents.line(document(entry, accounts));
        }
        return TIME.format(entry.event().time()) + " "
                + palette().paint(tone(entry.event().type()), entry.line());
    }

    private static Map<String, Object> document(Entry entry, Accounts accounts) {
        return Documents.event(entry, TIME.format(entry.event().time()), accounts);
    }

    private String missed(long events) {
        return json()
                ? Documents.line(Map.of("missed", events))
                : "(" + events + " more, too fast for this terminal; the audit log has them)";
    }

    private static Tone tone(AuditEvent.Type type) {
        return switch (type) {
            case ALLOWED -> Tone.GOOD;
            case DENIED, REVOKED -> Tone.BAD;
            case LIMITED, LOST -> Tone.WARNING;
            case CLOSED, COMMAND, REQUEST -> Tone.PLAIN;
        };
    }
}
