/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.peercred.access.AccessControl;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.RoleDirectory;
import org.peercred.common.config.Config;
import org.peercred.common.config.ConfigException;
import org.peercred.common.config.ConfigSource;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.ListenerSettings;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Budget;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.engine.Memory;
import org.peercred.listener.internal.engine.Offer;
import org.peercred.listener.internal.engine.Resources;
import org.peercred.listener.internal.engine.Worker;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.loop.EventLoop;
import org.peercred.listener.internal.socket.Access;
import org.peercred.listener.internal.socket.LibC;
import org.peercred.listener.internal.socket.ListeningSocket;
import org.peercred.listener.internal.socket.SocketPathException;
import org.peercred.service.LineService;

/** The engine with one listener on a real socket. It allows everybody and echoes, until a test says otherwise. */
public final class Server implements AutoCloseable {

    public static final LibC LIBC = LibC.load();

    /** Answers as the echo service does. */
    public static final LineService ECHO = connection -> new BatchEcho();

    /** Gives the same answers, line by line. */
    public static final LineService ECHO_BY_LINE = connection ->
            (line, replies) -> replies.put((byte) '>').put((byte) ' ').put(line).put((byte) '\n');

    public final FakeAccess access = new FakeAccess();
    /** What was audited so far: an event and its line at once, so that whoever has seen the one finds the other. */
    public final Queue<AuditLog.Entry> audited = new ConcurrentLinkedQueue<>();

    public final Worker worker;
    public final EventLoop loop;
    public final Listener listener;

    private final Map<String, String> keys = new HashMap<>();
    private final Path directory;
    public final Audit audit = new Audit();
    private final ListeningSocket socket;
    private Optional<PeerCredentialProvider> provider = Optional.of(RealCredentials.provider());
    private Optional<AccessControl> accessControl = Optional.of(access);
    private boolean stopped;
    private Optional<RoleDirectory> roles = Optional.empty();
    private List<Offer> offers = List.of(new LineOffer(ECHO));

    /** Starts with some configuration: keys and values in turn. */
    public Server(String... keysAndValues) throws IOException, SocketPathException, ConfigException {
        this(LIBC, keysAndValues);
    }

    /** Starts with system calls that are looked at. */
    public Server(LibC libc, String... keysAndValues) throws IOException, SocketPathException, ConfigException {
        this(new Resources(libc, Memory.HEAP, new Budget(), Server::failed), keysAndValues);
    }

    /** Starts with system calls and memory that may fail. */
    public Server(Resources resources, String... keysAndValues)
            throws IOException, SocketPathException, ConfigException {
        directory = Temporary.directory();
        put(keysAndValues);
        keys.putIfAbsent("path", directory.resolve("socket").toString());
        keys.putIfAbsent("name", "test");
        audit.follow((event, line) -> audited.add(new AuditLog.Entry(event, line)));
        socket = ListeningSocket.bind(
                resources.libc(), path(), new Access(0666, OptionalLong.empty(), OptionalLong.empty()), 4096, true);
        worker = new Worker(resources, "test-loop");
        loop = worker.loop;
        worker.start();
        listener = new Listener(settings(), audit);
        listener.use(collaborators());
        listener.accept(socket.descriptor(), List.of(worker), () -> {});
    }

    private static void failed(String what, Throwable cause) {
        throw new AssertionError(what + " would have ended the process", cause);
    }

    public Path path() {
        return Path.of(keys.get("path"));
    }

    public Path directory() {
        return directory;
    }

    public Client connect() throws IOException {
        return Client.connect(path());
    }

    /** Changes the configuration. */
    public Server configure(String... keysAndValues) throws ConfigException {
        put(keysAndValues);
        listener.update(settings());
        return this;
    }

    public Server offer(LineService... services) {
        return offer(Arrays.stream(services).map(LineOffer::new).toArray(Offer[]::new));
    }

    public Server offer(Offer... newOffers) {
        offers = List.of(newOffers);
        return use();
    }

    public Server offerNothing() {
        return offer(new Offer[0]);
    }

    public Server roles(RoleDirectory newRoles) {
        roles = Optional.of(newRoles);
        return use();
    }

    public Server provider(PeerCredentialProvider newProvider) {
        provider = Optional.ofNullable(newProvider);
        return use();
    }

    public Server accessControl(AccessControl newAccessControl) {
        accessControl = Optional.ofNullable(newAccessControl);
        return use();
    }

    /** Accepts from now on with these loops. */
    public void accept(List<Worker> workers) {
        listener.accept(socket.descriptor(), workers, () -> {});
    }

    /** Has the loop do nothing, from when this returns until the latch is counted down. */
    public CountDownLatch hold() throws Exception {
        CompletableFuture<Void> holding = new CompletableFuture<>();
        CountDownLatch held = new CountDownLatch(1);
        loop.execute(() -> {
            holding.complete(null);
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        holding.get(60, TimeUnit.SECONDS);
        return held;
    }

    /** Waits until the loop has done all that it was told so far. */
    public void settle() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> done.complete(null));
        done.get(60, TimeUnit.SECONDS);
    }

    /** Stops as a listener does; twice is as good as once. */
    public void stop() {
        if (!stopped) {
            stopped = true;
            listener.stop(socket::close);
        }
    }

    /** The audited events of a type. */
    public List<AuditEvent> events(AuditEvent.Type type) {
        return audited.stream()
                .map(AuditLog.Entry::event)
                .filter(event -> event.type() == type)
                .toList();
    }

    /** The lines of all that was audited. */
    public List<String> lines() {
        return audited.stream().map(AuditLog.Entry::line).toList();
    }

    @Override
    public void close() throws IOException {
        stop();
        worker.stop(5000);
        audit.close();
        Temporary.delete(directory);
    }

    private Server use() {
        listener.use(collaborators());
        return this;
    }

    private Collaborators collaborators() {
        return new Collaborators(provider, accessControl, roles, offers);
    }

    private ListenerSettings settings() throws ConfigException {
        return settings(keys);
    }

    /** Settings as from a configuration. */
    public static ListenerSettings settings(Map<String, String> keys) throws ConfigException {
        return ListenerSettings.from(new Config(keys, ConfigSource.of(keys, ListenerSettings.PID)));
    }

    private void put(String... keysAndValues) {
        List<String> list = new ArrayList<>(Arrays.asList(keysAndValues));
        for (int i = 0; i < list.size(); i += 2) {
            keys.put(list.get(i), list.get(i + 1));
        }
    }
}
