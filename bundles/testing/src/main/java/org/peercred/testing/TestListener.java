/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.peercred.access.AuditEvent;
import org.peercred.credentials.Peer;
import org.peercred.service.ChannelService;
import org.peercred.service.LineService;
import org.peercred.service.StreamService;

/**
 * A real listener on a real socket in a temporary directory, with one service: event loop, limits, audit and all, without a
 * container. The kernel says who is connected. It lets everybody in until {@link #access()} is told otherwise.
 *
 * <p>In JUnit 5 one line is enough, and closes it after the test:
 *
 * <pre>{@code
 * @AutoClose
 * final TestListener listener = TestListener.lines(new TimeService());
 * }</pre>
 *
 * <p>Needs Linux, and this artifact's own dependencies on the class path; in a framework their packages are not there. May be used
 * by any thread, but not by a service on the event loop.
 */
public final class TestListener implements AutoCloseable {

    private final Map<String, String> keys = new HashMap<>();
    private final FakeAccessControl access = new FakeAccessControl();
    private final List<AuditEvent> events = new ArrayList<>();
    private final Disguise disguise;
    private final Path directory;
    private final Path path;
    private final RealListener listener;
    private volatile Set<String> roles = Set.of();
    private boolean closed;

    private TestListener(RealListener.Offered offered, String... keysAndValues) {
        disguise = new Disguise(Kernel.provider()
                .orElseThrow(() -> new IllegalStateException(
                        "The kernel of this system cannot be asked who is connected; the log says why.")));
        try {
            directory = SocketDirectory.create();
            try {
                keys.put("name", "test");
                keys.put("path", directory.resolve("socket").toString());
                put(keysAndValues);
                path = Path.of(keys.get("path"));
                listener = RealListener.bind(keys, disguise, access, (peer, name) -> roles, offered, this::happened);
            } catch (IOException | RuntimeException | Error e) {
                SocketDirectory.delete(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        access.whenChanged(listener::recheck);
    }

    private void happened(AuditEvent event, String line) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }

    /**
     * Listens for clients of a line service.
     *
     * @param service the service
     * @param keysAndValues keys of a listener's configuration and their values, in turn, such as {@code "max.line.length", "100"};
     *     {@code name} is {@code test}, and {@code path} leads into a temporary directory, unless they are among them
     * @return accepts connections
     * @throws IllegalArgumentException if a value cannot be understood
     * @throws IllegalStateException if this system has no such sockets
     * @throws UncheckedIOException if there can be no socket
     */
    public static TestListener lines(LineService service, String... keysAndValues) {
        return new TestListener(RealListener.lines(service), keysAndValues);
    }

    /**
     * Listens for clients of a stream service.
     *
     * @param service the service
     * @param keysAndValues as for {@link #lines}
     * @return accepts connections
     * @throws IllegalArgumentException if a value cannot be understood
     * @throws IllegalStateException if this system has no such sockets
     * @throws UncheckedIOException if there can be no socket
     */
    public static TestListener streams(StreamService service, String... keysAndValues) {
        return new TestListener(RealListener.streams(service), keysAndValues);
    }

    /**
     * Listens for clients of a channel service.
     *
     * @param service the service
     * @param keysAndValues as for {@link #lines}
     * @return accepts connections
     * @throws IllegalArgumentException if a value cannot be understood
     * @throws IllegalStateException if this system has no such sockets
     * @throws UncheckedIOException if there can be no socket
     */
    public static TestListener channels(ChannelService service, String... keysAndValues) {
        return new TestListener(RealListener.channels(service), keysAndValues);
    }

    /**
     * The socket.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /**
     * Connects, as the user who runs the test.
     *
     * @return the client, whom perhaps nobody has let in yet
     * @throws IOException if the kernel does not let it
     */
    public TestClient connect() throws IOException {
        return TestClient.connect(path);
    }

    /**
     * Connects, and is taken for somebody else. If others connect at the same time, they may be instead.
     *
     * @param peer what the kernel would say; closed when the connection ends
     * @return the client
     * @throws IOException if the kernel does not let it
     */
    public TestClient connectAs(Peer peer) throws IOException {
        CountDownLatch identified = disguise.show(Objects.requireNonNull(peer));
        TestClient client = connect();
        Disguise.await(identified);
        return client;
    }

    /**
     * Who decides.
     *
     * @return to be told what is allowed; open connections are decided again when that changes
     */
    public FakeAccessControl access() {
        return access;
    }

    /**
     * Gives everybody these roles, and no others.
     *
     * @param names of roles
     * @return this
     */
    public TestListener grantRoles(String... names) {
        roles = Set.of(names);
        return this;
    }

    /**
     * Changes the configuration, all but {@code name} and {@code path}.
     *
     * @param keysAndValues keys and values in turn
     * @return this
     * @throws IllegalArgumentException if a value cannot be understood; nothing has changed then
     */
    public synchronized TestListener configure(String... keysAndValues) {
        Map<String, String> before = Map.copyOf(keys);
        try {
            put(keysAndValues);
            listener.update(keys);
        } catch (IllegalArgumentException e) {
            keys.clear();
            keys.putAll(before);
            throw e;
        }
        return this;
    }

    /**
     * What the audit log was told so far. It is told by a thread of its own, a moment after it happened.
     *
     * @return in order
     */
    public List<AuditEvent> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /**
     * Waits, for a limited time, until the audit log has been told something.
     *
     * @param type what
     * @return the first event of that type
     * @throws AssertionError if it is not told
     */
    public AuditEvent awaitEvent(AuditEvent.Type type) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        synchronized (events) {
            while (true) {
                for (AuditEvent event : events) {
                    if (event.type() == type) {
                        return event;
                    }
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("No event " + type.label() + " among " + events);
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(events, left);
                } catch (InterruptedException e) {
                    throw Patience.interrupted(e);
                }
            }
        }
    }

    /** Ends all connections as a listener that stops, and deletes the socket. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        listener.close();
        try {
            SocketDirectory.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(String... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "A value is missing for the key " + keysAndValues[keysAndValues.length - 1]);
        }
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
    }
}
