/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.peercred.access.AuditEvent;
import org.peercred.listener.internal.audit.file.FileSettings;
import org.peercred.listener.internal.testing.LogLevel;

@Timeout(120)
class EventAdminSinkTest {

    private final Audit audit = new Audit();
    private final Sent eventAdmin = new Sent();
    private final EventAdminSink sink = new EventAdminSink(eventAdmin, audit);

    @AfterEach
    void stop() {
        audit.close();
    }

    @Test
    void sends_events_while_somebody_listens() {
        sink.activate();
        ServiceReference<EventHandler> handler = handler("org/peercred/*");
        sink.bindHandler(handler);
        audit.record(event());
        Awaitility.await().until(() -> eventAdmin.events.size() == 1);
        Event event = eventAdmin.events.peek();
        assertEquals("org/peercred/denied", event.getTopic());
        assertEquals(1001L, event.getProperty("uid"));
        assertEquals("owner", event.getProperty("policy"));
        assertEquals("v", event.getProperty("k"));
        assertTrue(String.valueOf(event.getProperty("line")).startsWith("event=denied listener=echo "));
        sink.unbindHandler(handler);
        audit.record(event(AuditEvent.Type.CLOSED));
        Awaitility.await().until(() -> audit.latest().size() == 2);
        assertEquals(1, eventAdmin.events.size());
    }

    @Test
    void each_type_has_its_topic(@TempDir Path directory) {
        audit.use(new AuditSettings(
                new FileSettings(directory.resolve("audit.log"), 1 << 20, 2, false),
                false,
                EnumSet.allOf(AuditEvent.Type.class),
                0));
        sink.activate();
        sink.bindHandler(handler("org/peercred/*"));
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            audit.record(event(type));
        }
        int types = AuditEvent.Type.values().length;
        Awaitility.await().until(() -> eventAdmin.events.size() == types);
        assertEquals(
                List.of(
                        "org/peercred/allowed",
                        "org/peercred/denied",
                        "org/peercred/revoked",
                        "org/peercred/limited",
                        "org/peercred/closed",
                        "org/peercred/command",
                        "org/peercred/request",
                        "org/peercred/lost"),
                eventAdmin.events.stream().map(Event::getTopic).toList());
    }

    @Test
    void requests_are_sent_only_where_they_are_asked_for() {
        sink.activate();
        sink.bindHandler(handler("org/peercred/*"));
        audit.record(event(AuditEvent.Type.REQUEST));
        audit.record(event(AuditEvent.Type.CLOSED));
        Awaitility.await().until(() -> !eventAdmin.events.isEmpty());
        assertEquals(
                List.of("org/peercred/closed"),
                eventAdmin.events.stream().map(Event::getTopic).toList());
    }

    @Test
    void makes_nobody_build_events_while_nobody_listens() throws Exception {
        try (LogLevel off = LogLevel.off(Audit.LOGGER)) {
            assertTrue(off != null);
            sink.activate();
            assertFalse(audit.wants(AuditEvent.Type.DENIED));
            ServiceReference<EventHandler> stranger = handler("com/example/*");
            sink.bindHandler(stranger);
            assertFalse(audit.wants(AuditEvent.Type.DENIED));
            ServiceReference<EventHandler> handler = handler("org/peercred/denied");
            sink.bindHandler(handler);
            assertTrue(audit.wants(AuditEvent.Type.DENIED));
            sink.deactivate();
            assertFalse(audit.wants(AuditEvent.Type.DENIED));
        }
    }

    @Test
    void knows_which_topics_are_ours() {
        for (Object ours :
                List.of("org/*", "org/peercred/*", "org/peercred/denied", List.of("a/b", "org/peercred/closed"))) {
            assertTrue(EventAdminSink.listens(ours), ours.toString());
        }
        assertTrue(EventAdminSink.listens(new String[] {"a", "org/*"}));
        for (Object other : List.of("*", "org/apache/*", "org/peercredible/x", "", List.of(), "com/*")) {
            assertFalse(EventAdminSink.listens(other), other.toString());
        }
    }

    private static AuditEvent event() {
        return event(AuditEvent.Type.DENIED);
    }

    private static AuditEvent event(AuditEvent.Type type) {
        return new AuditEvent(
                Instant.EPOCH,
                type,
                "echo",
                1,
                1001,
                1001,
                OptionalInt.of(7),
                "connect",
                Optional.of("owner"),
                "no",
                Map.of("k", "v"));
    }

    @SuppressWarnings("unchecked") // the proxy has no type argument
    private static ServiceReference<EventHandler> handler(String topic) {
        return (ServiceReference<EventHandler>) Proxy.newProxyInstance(
                EventAdminSinkTest.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> arguments[0].equals(EventConstants.EVENT_TOPIC) ? topic : null;
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    /** Remembers what was sent. */
    private static final class Sent implements EventAdmin {
        private final Queue<Event> events = new ConcurrentLinkedQueue<>();

        @Override
        public void postEvent(Event event) {
            throw new UnsupportedOperationException("EventAdmin's queue has no bound");
        }

        @Override
        public void sendEvent(Event event) {
            events.add(event);
        }
    }
}
