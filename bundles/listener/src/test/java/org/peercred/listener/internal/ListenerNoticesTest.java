/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.common.jmx.DescribedBean;
import org.peercred.common.testing.FakeAudit;
import org.peercred.listener.internal.audit.Audit;

/** What JMX clients are told of a listener, by a server of beans as the platform's. */
@Timeout(120)
class ListenerNoticesTest {

    private final FakeAudit audit = new FakeAudit();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> pauses = new ArrayList<>();
    private final ListenerNotices notices = new ListenerNotices(audit, (task, millis) -> {
        tasks.add(task);
        pauses.add(millis);
    });
    private final List<Notification> heard = new ArrayList<>();
    private final NotificationListener ear = (notification, handback) -> heard.add(notification);
    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final Audit unused = new Audit();
    private ObjectName name;

    @BeforeEach
    void register() throws Exception {
        name = new ObjectName("org.peercred:type=Listener,name=echo");
        ListenerSupervisor supervisor = new ListenerSupervisor(new EngineComponent(unused), () -> {}, List::of);
        notices.of("echo", name.toString());
        server.registerMBean(
                new DescribedBean(new ListenerMBean(supervisor, notices), ListenerMXBean.class, notices), name);
    }

    @AfterEach
    void close() {
        unused.close();
    }

    private void happens(AuditEvent.Type type, String listener, int times) {
        for (int i = 0; i < times; i++) {
            audit.record(FakeAudit.event(type, listener, i, 1001));
        }
    }

    /** All that is due by now. */
    private void pass() {
        int due = tasks.size();
        for (int i = 0; i < due; i++) {
            tasks.remove().run();
        }
    }

    private List<Object> counts() {
        return heard.stream()
                .map(each -> ((Map<?, ?>) each.getUserData()).get("count"))
                .map(Object.class::cast)
                .toList();
    }

    @Test
    void every_attribute_and_notification_is_described() throws Exception {
        var info = server.getMBeanInfo(name);
        assertTrue(info.getDescription().startsWith("A listener of Peercred."), info.getDescription());
        for (MBeanAttributeInfo attribute : info.getAttributes()) {
            assertTrue(attribute.getDescription().endsWith("."), attribute.toString());
            assertFalse(attribute.isWritable(), attribute.toString());
        }
        assertEquals(0, info.getOperations().length);
        assertEquals(
                List.of(ListenerNotices.DENIED, ListenerNotices.REVOKED),
                Arrays.stream(info.getNotifications())
                        .map(each -> each.getNotifTypes()[0])
                        .toList());
    }

    @Test
    void a_flood_is_a_notification_a_second_and_none_is_left_out_of_the_count() throws Exception {
        server.addNotificationListener(name, ear, null, null);
        happens(AuditEvent.Type.DENIED, "echo", 1);
        pass();
        happens(AuditEvent.Type.DENIED, "echo", 1000);
        assertEquals(1, heard.size());
        pass();
        assertEquals(List.of(1L, 1000L), counts());
        pass();
        happens(AuditEvent.Type.DENIED, "echo", 2);
        pass();
        assertEquals(List.of(1L, 1000L, 2L), counts());
        assertEquals(List.of(0L, 1000L, 1000L, 0L, 1000L), pauses);
        Notification last = heard.get(2);
        assertEquals(ListenerNotices.DENIED, last.getType());
        assertEquals(name, last.getSource());
        assertEquals(1001L, ((Map<?, ?>) last.getUserData()).get("uid"));
        assertTrue(last.getMessage().startsWith("event=denied"), last.getMessage());
    }

    @Test
    void revocations_are_told_beside_refusals_and_nothing_else_is() throws Exception {
        server.addNotificationListener(name, ear, null, null);
        happens(AuditEvent.Type.DENIED, "echo", 1);
        happens(AuditEvent.Type.REVOKED, "echo", 1);
        happens(AuditEvent.Type.ALLOWED, "echo", 1);
        happens(AuditEvent.Type.DENIED, "other", 1);
        pass();
        assertEquals(
                List.of(ListenerNotices.DENIED, ListenerNotices.REVOKED),
                heard.stream().map(Notification::getType).toList());
    }

    @Test
    void the_audit_is_followed_only_while_somebody_listens() throws Exception {
        assertTrue(audit.followers.isEmpty());
        server.addNotificationListener(name, ear, null, null);
        server.addNotificationListener(name, ear, null, "again");
        assertEquals(1, audit.followers.size());
        server.removeNotificationListener(name, ear, null, "again");
        assertEquals(1, audit.followers.size());
        server.removeNotificationListener(name, ear);
        assertTrue(audit.followers.isEmpty());
        server.addNotificationListener(name, ear, null, null);
        notices.stop();
        assertTrue(audit.followers.isEmpty());
    }
}
