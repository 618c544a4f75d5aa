/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditEvent;
import org.peercred.access.RoleDirectory;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.channels.ChannelOffer;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.engine.ThreadCount;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.listener.internal.streams.StreamOffer;
import org.peercred.service.ChannelService;
import org.peercred.service.LineService;
import org.peercred.service.StreamService;

/** The engine with one listener on a socket. The one place here that knows the implementation of listeners. */
final class RealListener implements AutoCloseable {

    private static final long STOP_MILLIS = 5000;

    /** A service as listeners offer it. */
    record Offered(Offer offer) {}

    private final Audit audit = new Audit();
    private final Worker worker;
    private final Listener listener;
    private final ListeningSocket socket;

    private RealListener(ListenerSettings settings, Collaborators collaborators)
            throws IOException, SocketPathException {
        try {
            LibC libc = LibC.load();
            socket = ListeningSocket.bind(
                    libc,
                    Path.of(settings.path()),
                    new Access(settings.mode(), OptionalLong.empty(), OptionalLong.empty()),
                    settings.backlog(),
                    true);
            try {
                worker = new Worker(new Resources(libc, Memory.HEAP, new Budget(), RealListener::broken), "test-loop");
                worker.start();
            } catch (Throwable e) {
                socket.close();
                throw e;
            }
        } catch (Throwable e) {
            audit.close();
            throw e;
        }
        listener = new Listener(settings, audit);
        listener.use(collaborators);
    }

    /** Listens and accepts. What happens is told to the follower. */
    static RealListener bind(
            Map<String, String> keys,
            PeerCredentialProvider provider,
            AccessControl accessControl,
            RoleDirectory roles,
            Offered offered,
            BiConsumer<AuditEvent, String> follower)
            throws IOException {
        RealListener made;
        try {
            made = new RealListener(
                    settings(keys),
                    new Collaborators(
                            Optional.of(provider),
                            Optional.of(accessControl),
                            Optional.of(roles),
                            List.of(offered.offer())));
        } catch (SocketPathException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            made.audit.follow(follower);
            made.listener.accept(made.socket.descriptor(), List.of(made.worker), () -> {});
            return made;
        } catch (Throwable e) {
            made.close();
            throw e;
        }
    }

    static Offered lines(LineService service) {
        return new Offered(new LineOffer(service));
    }

    static Offered channels(ChannelService service) {
        return new Offered(new ChannelOffer(service));
    }

    static Offered streams(StreamService service) {
        return new Offered(new StreamOffer(service, new ThreadCount()));
    }

    private static ListenerSettings settings(Map<String, String> keys) {
        try {
            return ListenerSettings.from(new Config(keys, ConfigSource.of(keys, ListenerSettings.PID)));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** In a container this would end the process. */
    private static void broken(String what, Throwable cause) {
        throw new AssertionError(what + " is in a state that nobody knows.", cause);
    }

    void update(Map<String, String> keys) {
        listener.update(settings(keys));
    }

    void recheck() {
        listener.recheck();
    }

    @Override
    public void close() {
        listener.stop(socket::close);
        worker.stop(STOP_MILLIS);
        audit.close();
    }
}
