/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.internal.Kernel;
import org.peercred.echo.internal.EchoService;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.audit.UserNames;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.EventLoop;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.policy.internal.Policies;

/** The product's listener, owner policy and echo without Karaf and without OSGi: what the container costs is the difference. */
public final class EngineServer {

    private EngineServer() {}

    /** Listens on the socket given as the only argument until it is told to end. */
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[0]);
        LibC libc = LibC.load();
        Map<String, String> keys = Map.of(
                "name", "echo",
                "path", path.toString(),
                "max.connections", "15000",
                "max.connections.per.uid", "15000");
        ListenerSettings settings =
                ListenerSettings.from(new Config(keys, ConfigSource.of(keys, ListenerSettings.PID)));
        Access everybody = new Access(0666, OptionalLong.empty(), OptionalLong.empty());
        ListeningSocket socket = ListeningSocket.bind(libc, path, everybody, settings.backlog(), true);
        EventLoop loop = new EventLoop(libc, "peercred-loop-1");
        loop.spin(true);
        loop.start();
        Listener listener = new Listener(settings, new Audit(new UserNames()));
        listener.use(new Collaborators(
                Optional.of(Kernel.provider()),
                Optional.of(new Policies().owner().control()),
                List.of(new EchoService())));
        listener.accept(socket.descriptor(), List.of(loop), () -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(() -> listener.stop(socket::close)));
        new CountDownLatch(1).await();
    }
}
