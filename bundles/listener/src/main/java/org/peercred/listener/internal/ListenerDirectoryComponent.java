/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.peercred.access.AccessRequest;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.service.ConnectionAnswer;
import org.peercred.service.ConnectionReport;
import org.peercred.service.ListenerDirectory;
import org.peercred.service.ListenerReport;

/** Shows the engine's listeners and connections. */
@Component(name = "org.peercred.listener.directory")
public final class ListenerDirectoryComponent implements ListenerDirectory {

    private final EngineComponent engine;

    /**
     * @param engine whose listeners to show
     */
    @Activate
    public ListenerDirectoryComponent(@Reference(name = "engine") EngineComponent engine) {
        this.engine = engine;
    }

    @Override
    public List<ListenerReport> listeners() {
        return engine.listeners().stream()
                .map(ListenerSupervisor::report)
                .sorted(Comparator.comparing(ListenerReport::name))
                .toList();
    }

    @Override
    public List<ConnectionReport> connections() {
        return engine.listeners().stream()
                .flatMap(supervisor -> supervisor.listener().stream())
                .flatMap(listener -> listener.connections().stream())
                .sorted(Comparator.comparingLong(ConnectionReport::id))
                .toList();
    }

    @Override
    public <T> List<ConnectionAnswer<T>> ask(Function<AccessRequest, T> question) {
        return engine.listeners().stream()
                .flatMap(supervisor -> supervisor.listener().stream())
                .flatMap(listener -> listener.ask(question).stream())
                .sorted(Comparator.comparingLong(one -> one.connection().id()))
                .toList();
    }

    @Override
    public boolean disconnect(long connection) {
        for (ListenerSupervisor supervisor : engine.listeners()) {
            Listener listener = supervisor.listener().orElse(null);
            if (listener != null && listener.disconnect(connection)) {
                return true;
            }
        }
        return false;
    }
}
