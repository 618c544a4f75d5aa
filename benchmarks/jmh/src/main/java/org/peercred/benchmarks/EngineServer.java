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
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.ListeningSocket;

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
        Worker worker = new Worker(Resources.of(libc), "peercred-loop-1");
        worker.loop.spin(true);
        worker.start();
        Listener listener = new Listener(settings, new Audit());
        listener.use(new Collaborators(
                Optional.of(Kernel.provider()),
                Optional.of(new Policies().owner().control()),
                Optional.empty(),
                List.of(new LineOffer(new EchoService()))));
        listener.accept(socket.descriptor(), List.of(worker), () -> {});
        Runtime.getRuntime().addShutdownHook(new Thread(() -> listener.stop(socket::close)));
        new CountDownLatch(1).await();
    }
}
