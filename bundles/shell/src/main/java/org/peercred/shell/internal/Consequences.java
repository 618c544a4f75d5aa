/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.Decision;
import org.peercred.access.Proposal;
import org.peercred.access.RoleForecast;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionDecision;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;

/**
 * What would become of those who are connected, and of those who were turned away lately.
 *
 * @param cutOff open connections that would end
 * @param letIn who would be let in next time
 * @param roles open connections whose peers would have other roles
 */
record Consequences(
        List<ConnectionDecision> cutOff, List<Newcomer> letIn, List<ConnectionAnswer<RoleForecast.Change>> roles) {

    /**
     * Somebody who was refused and would not be any more.
     *
     * @param uid the user
     * @param listener where
     * @param reason why
     */
    record Newcomer(long uid, String listener, String reason) {}

    /** Of which nothing but this is known. */
    private record Refused(long uid, long gid, String listener) {}

    /**
     * Finds out.
     *
     * @param proposal the configuration
     * @param services finds the listeners, the audit log and what is in force
     * @param accounts knows the groups of users
     * @return who is cut off, who is let in, and who has other roles
     * @throws Refusal if it is about who is connected, and the listeners cannot be asked
     */
    static Consequences of(Proposal proposal, Services services, Accounts accounts) throws Refusal {
        List<ConnectionDecision> cutOff = List.of();
        List<Newcomer> letIn = List.of();
        List<ConnectionAnswer<RoleForecast.Change>> roles = List.of();
        if (proposal.access().isPresent()) {
            AccessControl proposed = proposal.access().get();
            cutOff = services.need(ListenerDirectory.class).decisions(proposed).stream()
                    .filter(one -> !one.decision().allowed())
                    .toList();
            letIn = letIn(services, accounts, proposed);
        }
        if (proposal.roles().isPresent()) {
            RoleForecast forecast = proposal.roles().get();
            roles =
                    services
                            .need(ListenerDirectory.class)
                            .ask(request -> forecast.of(request.peer(), request.listener()))
                            .stream()
                            .filter(one -> !one.answer().isEmpty())
                            .toList();
        }
        return new Consequences(cutOff, letIn, roles);
    }

    private static List<Newcomer> letIn(Services services, Accounts accounts, AccessControl proposed) {
        Optional<AccessControl> inForce = services.find(AccessControl.class);
        Optional<AuditLog> audit = services.find(AuditLog.class);
        Optional<ListenerDirectory> directory = services.find(ListenerDirectory.class);
        if (inForce.isEmpty() || audit.isEmpty() || directory.isEmpty()) {
            return List.of();
        }
        Map<String, ListenerReport> listeners = directory.get().listeners().stream()
                .collect(Collectors.toMap(ListenerReport::name, Function.identity(), (one, other) -> one));
        List<Newcomer> letIn = new ArrayList<>();
        for (Refused refused : refused(audit.get())) {
            ListenerReport listener = listeners.get(refused.listener());
            if (listener == null) {
                continue;
            }
            try (SupposedPeer peer = SupposedPeer.given(
                    refused.uid(),
                    OptionalLong.of(refused.gid()),
                    Optional.empty(),
                    accounts.membership(refused.uid()))) {
                AccessRequest request =
                        new AccessRequest(peer, refused.listener(), AccessRequest.CONNECT, listener.requiredPolicies());
                Decision then = proposed.decide(request);
                if (then.allowed() && !inForce.get().decide(request).allowed()) {
                    letIn.add(new Newcomer(refused.uid(), refused.listener(), then.reason()));
                }
            }
        }
        return letIn;
    }

    private static Set<Refused> refused(AuditLog audit) {
        return audit.latest().stream()
                .map(AuditLog.Entry::event)
                .filter(event ->
                        event.type() == AuditEvent.Type.DENIED && event.action().equals(AccessRequest.CONNECT))
                .map(event -> new Refused(event.uid(), event.gid(), event.listener()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
