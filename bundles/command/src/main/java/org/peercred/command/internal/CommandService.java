/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import java.util.Map;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.peercred.service.LineService;
import org.peercred.service.LineSession;
import org.peercred.service.PeerCommand;
import org.peercred.service.PeerConnection;
import org.peercred.service.PeercredConstants;
import org.peercred.service.ThreadLimit;

/**
 * The command service: whatever commands are published, to whomever a policy grants them. Everything it works with may come
 * and go while connections are open.
 */
@Component(
        name = "org.peercred.command",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        property = PeercredConstants.SERVICE + "=command",
        service = LineService.class)
public final class CommandService implements LineService, CommandContext {

    private final CommandRegistry<ServiceReference<PeerCommand>> registry = new CommandRegistry<>();
    private final CommandThreads threads;
    private ThreadLimit limits;

    /** Starts no thread before there is a command to run. */
    @Activate
    public CommandService() {
        this(CommandThreads.Limits.USUAL);
    }

    CommandService(CommandThreads.Limits limits) {
        threads = new CommandThreads(limits);
    }

    @Deactivate
    void stop() {
        threads.stop();
    }

    @Override
    public LineSession open(PeerConnection connection) {
        return new CommandSession(this, connection);
    }

    @Override
    public Map<String, RegisteredCommand> commands() {
        return registry.commands();
    }

    @Override
    public CommandThreads threads() {
        return threads;
    }

    @Reference(
            name = "commands",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindCommands(ServiceReference<PeerCommand> reference, PeerCommand command) {
        registry.add(reference, command);
    }

    void updatedCommands(ServiceReference<PeerCommand> reference) {
        registry.changed();
    }

    void unbindCommands(ServiceReference<PeerCommand> reference) {
        registry.remove(reference);
    }

    @Reference(
            name = "threads",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindThreads(ThreadLimit limit) {
        limits = limit;
        threads.share(limit);
    }

    synchronized void unbindThreads(ThreadLimit limit) {
        if (limits == limit) {
            bindThreads(null);
        }
    }
}
