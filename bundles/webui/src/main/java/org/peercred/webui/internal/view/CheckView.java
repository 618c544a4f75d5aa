/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.peercred.access.AccessControl;
import org.peercred.access.AccessRequest;
import org.peercred.access.RoleDirectory;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Outcome;
import org.peercred.common.inspect.PeerResolver;
import org.peercred.common.inspect.Refusal;
import org.peercred.common.inspect.Services;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.json.Json;
import org.peercred.common.linux.Ids;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;

/** Whether somebody would get in, and all that would decide it, as {@code peercred:check --all} tells it. */
public final class CheckView {

    private static final String COMMAND = AccessRequest.command("");

    private static final String NOT_COVERED = "-";

    private CheckView() {}

    /**
     * What is told.
     *
     * @param services decides and resolves
     * @param fields what was asked, by name: {@code pid}, or {@code uid} with {@code gid} and {@code groups} where they matter; {@code
     *     listener}, else all of them; {@code action}, else {@code connect}. Empty where it was not given
     * @return for {@link Json}
     * @throws Refusal if that makes no sense, or cannot be told; one sentence
     */
    public static Map<String, Object> of(Services services, UnaryOperator<String> fields) throws Refusal {
        String action = action(fields.apply("action"));
        AccessControl control = services.need(AccessControl.class);
        List<ListenerReport> listeners = listeners(services, fields.apply("listener"));
        Accounts accounts = new Accounts(services);
        Optional<RoleDirectory> roles = services.find(RoleDirectory.class);
        try (SupposedPeer peer = peer(new PeerResolver(services, accounts), fields)) {
            List<Object> outcomes = new ArrayList<>();
            for (ListenerReport listener : listeners) {
                Outcome outcome = Outcome.of(control, peer, listener, action, accounts);
                Set<String> its = roles.map(directory -> directory.rolesOf(peer, listener.name()))
                        .orElse(Set.of());
                outcomes.add(outcome(listener, outcome, its));
            }
            return Json.object("peer", facts(peer, accounts), "outcomes", outcomes);
        }
    }

    private static String action(String given) throws Refusal {
        String action = given.isEmpty() ? AccessRequest.CONNECT : given;
        if (!action.equals(AccessRequest.CONNECT)
                && !(action.startsWith(COMMAND) && action.length() > COMMAND.length())) {
            throw new Refusal("An action is connect, or command:NAME, not " + action + ".");
        }
        return action;
    }

    private static List<ListenerReport> listeners(Services services, String name) throws Refusal {
        List<ListenerReport> listeners = services.need(ListenerDirectory.class).listeners().stream()
                .filter(listener -> name.isEmpty() || listener.name().equals(name))
                .toList();
        if (listeners.isEmpty()) {
            throw new Refusal(
                    name.isEmpty()
                            ? "There is no listener, so there is nothing to connect to."
                            : "There is no listener \"" + name + "\".");
        }
        return listeners;
    }

    private static SupposedPeer peer(PeerResolver resolver, UnaryOperator<String> fields) throws Refusal {
        String pid = fields.apply("pid");
        String uid = fields.apply("uid");
        String gid = fields.apply("gid");
        String groups = fields.apply("groups");
        if (pid.isEmpty() == uid.isEmpty() || !(pid.isEmpty() || (gid.isEmpty() && groups.isEmpty()))) {
            throw new Refusal("Say who: either a process, or a user with groups where they matter.");
        }
        return pid.isEmpty()
                ? resolver.given(uid, gid.isEmpty() ? null : gid, groups.isEmpty() ? null : groups)
                : resolver.living(number(pid));
    }

    private static int number(String pid) throws Refusal {
        OptionalLong number = Ids.parse(pid);
        if (number.isEmpty() || number.getAsLong() > Integer.MAX_VALUE) {
            throw new Refusal("A process id is a number from 1 to " + Integer.MAX_VALUE + ", not " + pid + ".");
        }
        return (int) number.getAsLong();
    }

    private static Map<String, Object> facts(SupposedPeer peer, Accounts accounts) {
        return Json.object(
                "pid", peer.pid(),
                "uid", peer.uid(),
                "user", Names.user(peer.uid(), accounts),
                "gid", peer.isGidKnown() ? peer.gid() : null,
                "groups", peer.groups().value().map(TreeSet::new),
                "groupsAbsence", peer.groups().absence(),
                "groupsSource", peer.sources().groups());
    }

    private static Map<String, Object> outcome(ListenerReport listener, Outcome outcome, Set<String> roles) {
        return Json.object(
                "listener", listener.name(),
                "action", outcome.action(),
                "allowed", outcome.allowed(),
                "sentence", outcome.sentence(),
                "roles", new TreeSet<>(roles),
                "requiredPolicies", new TreeSet<>(listener.requiredPolicies()),
                "problem", listener.problem(),
                "verdicts", outcome.rows(true).stream().map(CheckView::row).toList());
    }

    private static Map<String, Object> row(Outcome.Row row) {
        return Json.object(
                "step", row.step(),
                "what", row.what(),
                "verdict", row.verdict().equals(NOT_COVERED) ? null : row.verdict(),
                "decides", row.decides(),
                "reason", row.reason());
    }
}
