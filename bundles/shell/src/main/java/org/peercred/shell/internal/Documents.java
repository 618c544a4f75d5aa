/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.peercred.common.json.Json.object;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog.Entry;
import org.peercred.access.Finding;
import org.peercred.access.PolicyStatus;
import org.peercred.access.RolesReport;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Outcome;
import org.peercred.common.json.Json;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerReport;
import org.peercred.service.ListenerReport.Counters;

/** What the commands print for programs: the keys here are those of {@code docs/json.md}, and stay. */
final class Documents {

    /** The key of the sentence that says why there is no answer. */
    static final String ERROR = "error";

    private static final int LAST_OF_ASCII = 0x7f;

    private Documents() {}

    /**
     * A value as JSON in ASCII: what a console makes of other characters depends on its locale.
     *
     * @param value as {@link Json#of(Object)} takes it
     * @return one line without its end
     */
    static String line(Object value) {
        String json = Json.of(value);
        StringBuilder ascii = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char unit = json.charAt(i);
            // Others stand in texts and keys only, where an escape says the same.
            if (unit < LAST_OF_ASCII) {
                ascii.append(unit);
            } else {
                ascii.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
        }
        return ascii.toString();
    }

    static Map<String, Object> listener(ListenerReport listener) {
        return listener(
                Optional.of(listener.name()),
                Optional.of(listener.path()).filter(path -> !path.isEmpty()),
                listener.listening(),
                listener.problem(),
                Optional.of(listener));
    }

    /** A file of a listener that is not in force. */
    static Map<String, Object> notAListener(Finding finding) {
        return listener(Optional.empty(), Optional.empty(), false, Optional.of(finding.problem()), Optional.empty());
    }

    private static Map<String, Object> listener(
            Optional<String> name,
            Optional<String> socket,
            boolean listening,
            Optional<String> problem,
            Optional<ListenerReport> report) {
        Optional<Counters> counters = report.map(ListenerReport::counters);
        return object(
                "listener", name,
                "socket", socket,
                "listening", listening,
                "problem", problem,
                "requiredPolicies", report.map(one -> new TreeSet<>(one.requiredPolicies())),
                "open", counters.map(Counters::open),
                "allowed", counters.map(Counters::allowed),
                "denied", counters.map(Counters::denied),
                "limited", counters.map(Counters::limited));
    }

    static Map<String, Object> connection(ConnectionReport connection, Accounts accounts) {
        return object(
                "connection", connection.id(),
                "listener", connection.listener(),
                "uid", connection.uid(),
                "user", name(accounts.userName(connection.uid())),
                "gid", connection.gid(),
                "pid", connection.pid(),
                "openSeconds", connection.open().toSeconds(),
                "lines", connection.lines(),
                "received", connection.received(),
                "sent", connection.sent());
    }

    static Map<String, Object> policy(
            Optional<String> id,
            String state,
            Collection<String> listeners,
            Collection<String> actions,
            Optional<String> problem) {
        return object(
                "policy", id,
                "state", state,
                "listeners", new TreeSet<>(listeners),
                "actions", new TreeSet<>(actions),
                "problem", problem);
    }

    static Map<String, Object> roles(RolesReport roles) {
        return object(
                "roles", roles.name(),
                "state", state(roles.status().state()),
                "listeners", new TreeSet<>(roles.listeners()),
                "members", roles.members(),
                "file", roles.file(),
                "problem", roles.status().problem());
    }

    static Map<String, Object> finding(Finding finding) {
        return object(
                "area", finding.area().name().toLowerCase(Locale.ROOT),
                "subject", finding.subject(),
                "problem", finding.problem(),
                "remedy", finding.remedy());
    }

    /** With the keys of the audit's own lines. */
    static Map<String, Object> event(Entry entry, String time, Accounts accounts) {
        AuditEvent event = entry.event();
        return object(
                "time", time,
                "event", event.type().label(),
                "listener", event.listener(),
                "connection", event.connection(),
                "uid", event.uid(),
                "user", name(accounts.userName(event.uid())),
                "gid", event.gid(),
                "pid", event.pid(),
                "action", event.action(),
                "policy", event.policy(),
                "reason", Optional.of(event.reason()).filter(reason -> !reason.isEmpty()),
                "details", new TreeMap<>(event.details()),
                "count", entry.count());
    }

    static Map<String, Object> statistics(ListenerReport listener) {
        Counters counters = listener.counters();
        return object(
                "listener", listener.name(),
                "allowed", counters.allowed(),
                "denied", counters.denied(),
                "limited", counters.limited(),
                "open", counters.open(),
                "lines", counters.lines(),
                "received", counters.received(),
                "sent", counters.sent());
    }

    /** A policy that does not cover the action has no verdict. */
    static Map<String, Object> row(Outcome.Row row) {
        boolean covered = !row.verdict().equals("-");
        return object(
                "step", row.step(),
                "what", row.what(),
                "verdict", covered ? row.verdict() : null,
                "decides", row.decides(),
                "reason", row.reason());
    }

    /** One word. */
    static String state(PolicyStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A name, absent where there is none. */
    static Optional<String> name(String name) {
        return Optional.of(name).filter(text -> !text.isEmpty());
    }
}
