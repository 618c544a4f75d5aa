/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import static org.peercred.common.json.Json.object;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peercred.access.Proposal;
import org.peercred.access.RoleForecast;
import org.peercred.common.inspect.Accounts;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionDecision;

/** What {@code peercred:check --file} found out, for programs. */
final class TrialDocument {

    private TrialDocument() {}

    static Map<String, Object> of(Path file, Proposal proposal, Consequences consequences, Accounts accounts) {
        return object(
                "file", file.toString(),
                "pid", proposal.pid(),
                "accepted", proposal.result().problems().isEmpty(),
                "problems", proposal.result().problems(),
                "warnings", proposal.result().warnings(),
                "changes",
                        proposal.changes().stream().map(TrialDocument::change).toList(),
                "effects", proposal.effects(),
                "keysOnly", proposal.keysOnly(),
                "cutOff",
                        consequences.cutOff().stream()
                                .map(one -> cutOff(one, accounts))
                                .toList(),
                "letIn",
                        consequences.letIn().stream()
                                .map(one -> letIn(one, accounts))
                                .toList(),
                "roles",
                        consequences.roles().stream()
                                .map(one -> roles(one, accounts))
                                .toList());
    }

    private static Map<String, Object> change(Proposal.Change change) {
        return object("key", change.key(), "before", change.before(), "after", change.after());
    }

    private static Map<String, Object> cutOff(ConnectionDecision one, Accounts accounts) {
        Map<String, Object> connection = Documents.connection(one.connection(), accounts);
        connection.put("reason", one.decision().reason());
        return connection;
    }

    private static Map<String, Object> roles(ConnectionAnswer<RoleForecast.Change> one, Accounts accounts) {
        Map<String, Object> connection = Documents.connection(one.connection(), accounts);
        connection.put("gained", sorted(one.answer().gained()));
        connection.put("lost", sorted(one.answer().lost()));
        connection.put("granted", one.answer().granted());
        connection.put("withdrawn", one.answer().withdrawn());
        return connection;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static Map<String, Object> letIn(Consequences.Newcomer one, Accounts accounts) {
        return object(
                "uid", one.uid(),
                "user", Documents.name(accounts.userName(one.uid())),
                "listener", one.listener(),
                "reason", one.reason());
    }
}
