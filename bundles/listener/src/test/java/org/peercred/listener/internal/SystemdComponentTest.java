/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.example.slow.Sleeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleEvent;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.socket.PassedSockets;
import org.peercred.listener.internal.systemd.NotifySocket;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Handed;
import org.peercred.listener.internal.testing.LogFile;
import org.peercred.listener.internal.testing.NotifyReceiver;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;
import org.peercred.service.LineService;

/** What systemd hears of listeners and event loops, and when. */
@Timeout(120)
class SystemdComponentTest {

    private static final String THREAD = "peercred-systemd";

    private final Audit audit = new Audit();
    private final FakeFramework framework = new FakeFramework();
    private final Handed handed = new Handed();
    private final AtomicInteger configured = new AtomicInteger(1);
    private final Map<String, String> environment = new HashMap<>();
    private final EngineComponent engine = new EngineComponent(
            audit, () -> Server.LIBC, libc -> PassedSockets.of(libc, handed.environment()::get, Handed.FIRST));
    private final SystemdComponent component = new SystemdComponent(engine, admin(), environment::get);
    private final ListenerComponent one = new ListenerComponent(engine);
    private final ListenerComponent two = new ListenerComponent(engine);
    private LogFile log;
    private Path directory;
    private String address;
    private boolean active;
    private NotifyReceiver receiver;

    @BeforeEach
    void start() throws Exception {
        log = new LogFile();
        directory = Temporary.directory();
        handed.listening("front", directory.resolve("front"));
        engine.activate(Map.of());
        address = directory.resolve("notify").toString();
        receiver = NotifyReceiver.at(address);
        environment.put("NOTIFY_SOCKET", address);
    }

    @AfterEach
    void stop() throws Exception {
        if (active) {
            component.deactivate();
        }
        one.deactivate();
        two.deactivate();
        engine.deactivate();
        audit.close();
        receiver.close();
        handed.close();
        Temporary.delete(directory);
    }

    @Test
    void is_ready_when_every_configured_listener_serves() throws Exception {
        configured.set(2);
        activate();
        assertEquals("STATUS=0 of 0 listeners serve, 0 connections are open.", receiver.next());
        serve(one, "one");
        // The second one has a configuration, and has not been seen yet.
        assertEquals(
                "STATUS=1 of 1 listeners serve, 0 connections are open.",
                receiver.next(text -> text.contains("1 of 1")));
        serve(two, "two");
        assertEquals(
                "READY=1|STATUS=2 of 2 listeners serve, 0 connections are open.",
                receiver.next(text -> text.startsWith("READY=1")));
    }

    @Test
    void is_ready_when_a_listener_has_said_why_it_does_not_serve_and_not_before() throws Exception {
        activate();
        one.activate(framework.context(), keys("one"));
        String ready = receiver.next(text -> text.startsWith("READY=1"));
        assertEquals("READY=1|STATUS=0 of 1 listeners serve, 0 connections are open. In trouble: one.", ready);
        assertEquals(1, log.count("Listener one waits for the credential provider"));
    }

    @Test
    void a_configuration_that_is_rejected_keeps_nobody_from_being_ready() throws Exception {
        activate();
        one.activate(framework.context(), keys("one", "mode", "rw"));
        assertEquals(
                "READY=1|STATUS=0 of 1 listeners serve, 0 connections are open. In trouble: one.",
                receiver.next(text -> text.startsWith("READY=1")));
        assertEquals(1, log.count("mode = rw"));
    }

    @Test
    void a_name_cannot_forge_a_message() throws Exception {
        activate();
        one.activate(framework.context(), keys("one", "name", "a\nSTOPPING=1\u001b[2J", "mode", "rw"));
        assertEquals(
                "READY=1|STATUS=0 of 1 listeners serve, 0 connections are open. In trouble: a STOPPING=1?[2J.",
                receiver.next(text -> text.startsWith("READY=1")));
    }

    @Test
    void a_listener_that_never_comes_is_waited_for_half_a_minute() {
        AtomicLong clock = new AtomicLong();
        Readiness readiness = new Readiness(List::of, () -> OptionalInt.of(3), clock::get);
        clock.set(Readiness.PATIENCE_NANOS - 1);
        assertFalse(readiness.isReady());
        clock.set(Readiness.PATIENCE_NANOS);
        assertTrue(readiness.isReady());
    }

    @Test
    void how_many_there_are_may_be_unknown_for_as_long() throws Exception {
        AtomicLong clock = new AtomicLong();
        Readiness readiness = new Readiness(List::of, OptionalInt::empty, clock::get);
        assertFalse(readiness.isReady());
        clock.set(Readiness.PATIENCE_NANOS);
        assertTrue(readiness.isReady());
        assertEquals(1, log.count("an unknown number are configured, 0 were started."));
    }

    @Test
    void the_end_of_the_container_is_the_last_that_is_told() throws Exception {
        activate();
        serve(one, "one");
        receiver.next(text -> text.startsWith("READY=1"));
        framework.tell(BundleEvent.STOPPING, 17);
        framework.tell(BundleEvent.STARTED, 0);
        framework.stop();
        component.deactivate();
        mark();
        assertEquals("STOPPING=1|STATUS=The container stops.", receiver.next(text -> !text.startsWith("STATUS=")));
        assertEquals("MARK=1", receiver.next());
        Awaitility.await().until(() -> ThisProcess.threads(THREAD).isEmpty());
        assertEquals(0, framework.listeners());
    }

    @Test
    void an_update_of_the_bundle_suspends_the_watchdog_and_being_ready_again_ends_that() throws Exception {
        environment.put("WATCHDOG_USEC", "3600000000");
        activate();
        serve(one, "one");
        assertTrue(receiver.next(text -> text.startsWith("READY=1")).startsWith("READY=1|WATCHDOG_USEC=3600000000|"));
        component.deactivate();
        assertEquals(
                "STATUS=The bundle org.peercred.listener is stopped: nobody is served.|WATCHDOG_USEC=0",
                receiver.next(text -> text.contains("WATCHDOG_USEC")));
        SystemdComponent again = new SystemdComponent(engine, admin(), environment::get);
        again.activate(framework.context());
        assertTrue(receiver.next(text -> text.startsWith("READY=1")).startsWith("READY=1|WATCHDOG_USEC=3600000000|"));
        again.deactivate();
    }

    @Test
    void the_watchdog_hears_of_the_loops_until_one_hangs() throws Exception {
        environment.put("WATCHDOG_USEC", "400000");
        activate();
        Sleeper sleeper = new Sleeper();
        serve(one, "one", sleeper);
        receiver.next(text -> text.equals("WATCHDOG=1"));
        receiver.next(text -> text.equals("WATCHDOG=1"));
        try (Client client = Client.connect(directory.resolve("one"))) {
            client.send("x\n");
            assertTrue(sleeper.asleep.await(60, TimeUnit.SECONDS));
            Awaitility.await().until(() -> log.text().contains("of listener one, service org.example.slow.Sleeper"));
            // What was told before is passed over, so that what comes next comes after it has gone on.
            mark();
            receiver.next(text -> text.equals("MARK=1"));
            sleeper.wake.countDown();
            assertEquals("", client.line());
            receiver.next(text -> text.equals("WATCHDOG=1"));
        } finally {
            sleeper.wake.countDown();
        }
    }

    @Test
    void at_the_end_of_the_container_who_waits_at_systemds_socket_is_left_to_the_next_one() throws Exception {
        one.activate(framework.context(), keys("one", "path", "systemd:front"));
        complete(one, Server.ECHO);
        serve(two, "two");
        activate();
        framework.stop();
        assertTrue(engine.listeners().get(0).listener().orElseThrow().isHeld());
        assertFalse(engine.listeners().get(1).listener().orElseThrow().isHeld());
        try (Client client = Client.connect(directory.resolve("two"))) {
            assertEquals("> x", client.ask("x"));
        }
    }

    @Test
    void without_systemd_there_is_no_thread_and_nobody_listens() throws Exception {
        Awaitility.await().until(() -> ThisProcess.threads(THREAD).isEmpty());
        EngineComponent alone =
                new EngineComponent(audit, () -> Server.LIBC, libc -> PassedSockets.of(libc, name -> null));
        alone.activate(Map.of());
        SystemdComponent none = new SystemdComponent(alone, admin(), name -> null);
        none.activate(framework.context());
        assertEquals(List.of(), ThisProcess.threads(THREAD));
        assertEquals(0, framework.listeners());
        none.deactivate();
        alone.deactivate();
    }

    @Test
    void an_address_that_cannot_be_is_said_and_the_rest_works() throws Exception {
        environment.put("NOTIFY_SOCKET", "notify");
        activate();
        assertEquals(
                1,
                log.count(
                        "NOTIFY_SOCKET = notify: it is neither an absolute path nor an abstract name that begins with @;"
                                + " systemd is not told how this service is."));
        Awaitility.await().until(() -> ThisProcess.threads(THREAD).isEmpty());
        assertEquals(1, framework.listeners());
    }

    private void activate() {
        active = true;
        component.activate(framework.context());
    }

    private void serve(ListenerComponent listener, String name) {
        serve(listener, name, Server.ECHO);
    }

    private void serve(ListenerComponent listener, String name, LineService service) {
        complete(listener, service);
        listener.activate(framework.context(), keys(name));
    }

    private void complete(ListenerComponent listener, LineService service) {
        listener.bindLines(framework.reference("echo", 1), service);
        listener.bindProvider(RealCredentials.provider());
        listener.bindAccess(new FakeAccess());
    }

    /** A message of the test's own, after all that was sent before. */
    private void mark() throws Exception {
        NotifySocket own = NotifySocket.of(Server.LIBC, address);
        Awaitility.await().until(() -> own.send("MARK=1"));
    }

    private Map<String, ?> keys(String name, String... more) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("service.pid", "org.peercred.listener~" + name);
        keys.put("service.factoryPid", "org.peercred.listener");
        keys.put("path", directory.resolve(name).toString());
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return keys;
    }

    private ConfigurationAdmin admin() {
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConfigurationAdmin.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("listConfigurations")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    assertEquals("(service.factoryPid=org.peercred.listener)", arguments[0]);
                    return new Configuration[configured.get()];
                });
    }
}
