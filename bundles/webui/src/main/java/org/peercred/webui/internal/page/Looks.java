/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.page;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditLog;
import org.peercred.access.AuditLog.Entry;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Findings;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.json.Json;
import org.peercred.service.EngineStatistics;
import org.peercred.service.ListenerDirectory;
import org.peercred.webui.internal.history.History;
import org.peercred.webui.internal.view.ConnectionView;
import org.peercred.webui.internal.view.DecisionView;
import org.peercred.webui.internal.view.EngineView;
import org.peercred.webui.internal.view.FindingView;
import org.peercred.webui.internal.view.ListenerView;
import org.peercred.webui.internal.view.PolicyView;
import org.peercred.webui.internal.view.RatesView;
import org.peercred.webui.internal.view.RolesView;

/** What can be looked at, by name. Immutable. */
final class Looks {

    /** Finds out what is to be seen. */
    @FunctionalInterface
    interface Look {

        /**
         * What is to be seen now.
         *
         * @param services who knows it
         * @param visit who asks
         * @return as {@link Json} takes it
         * @throws Refusal if it cannot be told; one sentence
         */
        Object at(Services services, Visit visit) throws Refusal;
    }

    /** So many that those who ask every few seconds miss none as a rule, and get no more than they can show. */
    private static final int MOST_DECISIONS = 300;

    private final Map<String, Look> looks;
    private final Tokens tokens;

    Looks(History history, Tokens tokens) {
        this.tokens = tokens;
        looks = Map.of(
                "overview", this::overview,
                "connections", Looks::connections,
                "policies", Looks::policies,
                "roles", Looks::roles,
                "findings",
                        (services, visit) -> Findings.all(services).stream()
                                .map(FindingView::of)
                                .toList(),
                "decisions", Looks::decisions,
                "rates", (services, visit) -> RatesView.of(history.rates(visit.field("listener"))));
    }

    Optional<Look> find(String name) {
        return Optional.ofNullable(looks.get(name));
    }

    /** There even while nothing else is, so that the page can say what is missing. */
    private Object overview(Services services, Visit visit) {
        Optional<ListenerDirectory> directory = services.find(ListenerDirectory.class);
        return Json.object(
                "user", visit.user().isEmpty() ? null : visit.user(),
                "manager", visit.mayManage(),
                "token", tokens.of(visit.user()),
                "generation", services.find(AccessControl.class).map(AccessControl::generation),
                "engine", services.find(EngineStatistics.class).map(EngineView::of),
                "listeners",
                        directory.map(ListenerDirectory::listeners).orElse(List.of()).stream()
                                .map(ListenerView::of)
                                .toList());
    }

    private static Object connections(Services services, Visit visit) throws Refusal {
        Accounts accounts = new Accounts(services);
        return services.need(ListenerDirectory.class).connections().stream()
                .map(connection -> ConnectionView.of(connection, accounts))
                .toList();
    }

    private static Object policies(Services services, Visit visit) throws Refusal {
        return services.need(AccessControl.class).policies().stream()
                .map(PolicyView::of)
                .toList();
    }

    private static Object roles(Services services, Visit visit) throws Refusal {
        return services.need(RoleDirectory.class).configurations().stream()
                .map(RolesView::of)
                .toList();
    }

    private static Object decisions(Services services, Visit visit) throws Refusal {
        Accounts accounts = new Accounts(services);
        List<Entry> latest = services.need(AuditLog.class).latest();
        return latest.subList(Math.max(0, latest.size() - MOST_DECISIONS), latest.size()).stream()
                .map(entry -> DecisionView.of(entry, accounts))
                .toList();
    }
}
