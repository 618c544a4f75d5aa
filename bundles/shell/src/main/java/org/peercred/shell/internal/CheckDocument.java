/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Outcome;
import org.peercred.common.inspect.SupposedPeer;
import org.peercred.common.json.Json;
import org.peercred.credentials.ControlGroup;
import org.peercred.credentials.Fact;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.PeerProcess.Ancestor;
import org.peercred.service.ListenerReport;

/** What {@code peercred:check} found out, for programs. For one thread. */
final class CheckDocument {

    private final boolean all;
    private final List<Object> listeners = new ArrayList<>();

    /**
     * Has no listener yet.
     *
     * @param all whether also what stands in nobody's way is told
     */
    CheckDocument(boolean all) {
        this.all = all;
    }

    /** What each place on the way to a listener's socket and each policy said, and what comes of it. */
    void outcome(ListenerReport listener, Outcome outcome, Set<String> roles) {
        listeners.add(Json.object(
                "listener", listener.name(),
                "allowed", outcome.allowed(),
                "reason", outcome.sentence(),
                "roles", new TreeSet<>(roles),
                "requiredPolicies", new TreeSet<>(listener.requiredPolicies()),
                "problem", listener.problem(),
                "steps", outcome.rows(all).stream().map(Documents::row).toList()));
    }

    /**
     * All of it.
     *
     * @param peer who was checked
     * @param action what was asked for
     * @param allowed whether it is allowed on each listener
     * @param accounts tells names
     * @return the document
     */
    Map<String, Object> whole(SupposedPeer peer, String action, boolean allowed, Accounts accounts) {
        return Json.object("action", action, "allowed", allowed, "peer", facts(peer, accounts), "listeners", listeners);
    }

    private static Map<String, Object> facts(SupposedPeer peer, Accounts accounts) {
        Optional<PeerProcess> process = peer.process().value();
        return Json.object(
                "uid", peer.uid(),
                "user", Documents.name(accounts.userName(peer.uid())),
                "gid", peer.isGidKnown() ? Optional.of(peer.gid()) : Optional.empty(),
                "groups", peer.groups().value().map(TreeSet::new),
                "pid", peer.pid(),
                "program",
                        process.map(PeerProcess::executable)
                                .flatMap(Fact::value)
                                .map(Object::toString),
                "controlGroup",
                        process.map(PeerProcess::controlGroup)
                                .flatMap(Fact::value)
                                .map(ControlGroup::path),
                "ancestors",
                        process.map(PeerProcess::ancestors).flatMap(Fact::value).map(CheckDocument::pids));
    }

    private static List<Integer> pids(List<Ancestor> ancestors) {
        return ancestors.stream().map(Ancestor::pid).toList();
    }
}
