/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.ServiceReference;
import org.peercred.access.AccessControl;
import org.peercred.access.ConfigurationCheck.Forecast;
import org.peercred.access.ConfigurationCheck.Terms;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.HeldPathException;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.service.ConnectionReport;
import org.peercred.service.PeercredConstants;

/**
 * What would come of a listener's settings.
 *
 * @param engine the listeners that there are
 * @param access knows the policies, while there is one
 * @param services all services that a listener can offer
 */
record ListenerOutlook(EngineComponent engine, Optional<AccessControl> access, List<ServiceReference<?>> services) {

    /**
     * Looks ahead. May wait for a name service, and for the loops.
     *
     * @param name the name of the listener in force whose place it would take; empty for none
     * @param file the file with the settings, for the sentences
     * @param then the settings
     * @return what would come of them
     */
    Forecast of(Optional<String> name, String file, ListenerSettings then) {
        Optional<ListenerSupervisor> own = engine.listeners().stream()
                .filter(one -> name.isPresent() && one.report().name().equals(name.get()))
                .findFirst();
        Optional<Listener> listener = own.flatMap(ListenerSupervisor::listener);
        return listener.isPresent()
                ? change(own.get(), listener.get(), file, then)
                : new Forecast(beginning(own, file, then), Optional.empty());
    }

    private List<String> beginning(Optional<ListenerSupervisor> own, String file, ListenerSettings then) {
        List<String> effects = new ArrayList<>();
        boolean twice = engine.listeners().stream()
                .filter(one -> own.filter(mine -> mine == one).isEmpty())
                .anyMatch(one -> one.report().name().equals(then.name()));
        if (twice) {
            effects.add("There is a listener " + then.name() + " already; no policy could tell the two apart.");
        }
        effects.add(obstacle(own, then)
                .map(why -> "The listener could not be started: " + why + ".")
                .orElse("It would be a new listener, on " + then.path() + "."));
        effects.addAll(RequiredPolicies.defects(file, then, access));
        unserved(then).ifPresent(effects::add);
        return effects;
    }

    private Forecast change(ListenerSupervisor own, Listener listener, String file, ListenerSettings then) {
        ListenerSettings now = listener.settings();
        if (then.equals(now)) {
            return new Forecast(List.of(), Optional.empty());
        }
        boolean moves = !then.path().equals(now.path());
        Optional<String> obstacle = moves ? obstacle(Optional.of(own), then) : account(then);
        if (obstacle.isPresent()) {
            return new Forecast(
                    List.of("Nothing of it would count until it can be done: " + obstacle.get() + "."),
                    Optional.empty());
        }
        List<String> effects = new ArrayList<>();
        if (moves) {
            effects.add("Clients would find it at " + then.path() + ", and at " + now.path()
                    + " no more; open connections would stay.");
        } else if (then.mode() != now.mode()
                || !then.owner().equals(now.owner())
                || !then.group().equals(now.group())) {
            effects.add("Owner, group and mode of " + now.path()
                    + " would be set without making it anew; open connections would stay.");
        }
        if (!then.name().equals(now.name())) {
            effects.add("What policies and roles say of the listener " + now.name()
                    + " would not count for it any more, but what they say of " + then.name() + ".");
        }
        effects.addAll(RequiredPolicies.defects(file, then, access));
        effects.addAll(services(now, then));
        effects.addAll(limits(listener, then));
        effects.addAll(endings(now, then));
        if (effects.isEmpty() && then.requiredPolicies().equals(now.requiredPolicies())) {
            effects.add("Open connections would stay.");
        }
        return new Forecast(effects, Optional.of(new Terms(now.name(), then.name(), then.requiredPolicies())));
    }

    /** Why the socket could not be had; half a sentence. */
    private Optional<String> obstacle(Optional<ListenerSupervisor> own, ListenerSettings then) {
        try {
            Places.probe(engine, then, own);
        } catch (HeldPathException e) {
            return Optional.of(e.holder()
                    .sentence(e.place(), engine.audit().userName(e.holder().uid())));
        } catch (SocketPathException e) {
            return Optional.of(e.getMessage());
        }
        return account(then);
    }

    /** Why owner or group could not be set; half a sentence. */
    private Optional<String> account(ListenerSettings then) {
        try {
            Places.access(then, new AccountIds(engine::users));
            return Optional.empty();
        } catch (SocketPathException e) {
            return Optional.of(e.getMessage());
        }
    }

    private List<String> services(ListenerSettings now, ListenerSettings then) {
        if (then.serviceTarget().equals(now.serviceTarget())) {
            return List.of();
        }
        List<String> effects = new ArrayList<>();
        List<ServiceReference<?>> lost = services.stream()
                .filter(one ->
                        now.serviceTarget().match(one) && !then.serviceTarget().match(one))
                .toList();
        if (!lost.isEmpty()) {
            effects.add("Open connections with the service " + names(lost) + " would end.");
        }
        unserved(then).ifPresent(effects::add);
        return effects;
    }

    private Optional<String> unserved(ListenerSettings then) {
        return services.stream().anyMatch(then.serviceTarget()::match)
                ? Optional.empty()
                : Optional.of("Nobody would be served: there is no service that matches " + then.serviceTarget()
                        + (services.isEmpty() ? "." : ". There is " + names(services) + "."));
    }

    private static String names(List<ServiceReference<?>> services) {
        return services.stream()
                .map(one -> String.valueOf(one.getProperty(PeercredConstants.SERVICE)))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    }

    /** Limits are for those who come; nobody is put out for them. */
    private static List<String> limits(Listener listener, ListenerSettings then) {
        List<String> effects = new ArrayList<>();
        List<ConnectionReport> open = listener.connections();
        if (open.size() > then.maxConnections()) {
            effects.add(open.size() + " connections are open, more than max.connections = " + then.maxConnections()
                    + ": they would stay, and nobody else could connect until there are fewer.");
        }
        Map<Long, Integer> byUid = new TreeMap<>();
        open.forEach(one -> byUid.merge(one.uid(), 1, Integer::sum));
        byUid.forEach((uid, count) -> {
            if (count > then.maxConnectionsPerUid()) {
                effects.add("uid " + uid + " has " + count + " connections open, more than max.connections.per.uid = "
                        + then.maxConnectionsPerUid()
                        + ": they would stay, and that user could not connect again until there are fewer.");
            }
        });
        return effects;
    }

    private static List<String> endings(ListenerSettings now, ListenerSettings then) {
        List<String> effects = new ArrayList<>();
        if (then.closeOnPeerExit() && !now.closeOnPeerExit()) {
            effects.add("Open connections would end with their process, and at once where it has ended already or"
                    + " cannot be watched.");
        }
        if (!then.idleTimeout().equals(now.idleTimeout()) && !then.idleTimeout().isZero()) {
            effects.add("Open connections, too, would end after idle.timeout.");
        }
        if (then.maxLineLength() < now.maxLineLength()) {
            effects.add("On open connections, too, a line longer than max.line.length would end the connection.");
        }
        return effects;
    }
}
