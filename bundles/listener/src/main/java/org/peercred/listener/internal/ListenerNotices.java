/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import javax.management.ListenerNotFoundException;
import javax.management.MBeanNotificationInfo;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationFilter;
import javax.management.NotificationListener;
import javax.management.ObjectName;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.AuditLog.Entry;

/**
 * Tells who listens by JMX of refusals and revocations on one listener: of each sort one notification a second at most, with the count of
 * all since the one before. The audit is followed only while somebody listens. May be used by any thread.
 */
final class ListenerNotices extends NotificationBroadcasterSupport {

    /** The type of a notification of refusals. */
    static final String DENIED = "org.peercred.denied";

    /** The type of a notification of connections that were cut off. */
    static final String REVOKED = "org.peercred.revoked";

    private static final long PAUSE_MILLIS = 1000;

    private final AuditLog audit;
    private final BiConsumer<Runnable, Long> later;
    private final AtomicLong sequence = new AtomicLong();
    private final Throttled denied = new Throttled(DENIED);
    private final Throttled revoked = new Throttled(REVOKED);
    private volatile String listener = "";
    private volatile Object source = "";
    private final List<NotificationListener> listening = new ArrayList<>();
    private AuditLog.Subscription subscription;

    /**
     * Follows nothing yet.
     *
     * @param audit knows what happens
     * @param later runs something after so many milliseconds, on a thread that may wait
     */
    ListenerNotices(AuditLog audit, BiConsumer<Runnable, Long> later) {
        super(info(DENIED, "A peer was refused."), info(REVOKED, "An open connection was cut off."));
        this.audit = audit;
        this.later = later;
    }

    private static MBeanNotificationInfo info(String type, String description) {
        return new MBeanNotificationInfo(
                new String[] {type},
                Notification.class.getName(),
                description
                        + " At most one a second; the user data has count, and uid, gid, pid, connection, policy and reason of the"
                        + " latest.");
    }

    /** Says whose these are. */
    void of(String name, String objectName) {
        try {
            source = ObjectName.getInstance(objectName);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(e);
        }
        listener = name;
    }

    @Override
    public synchronized void addNotificationListener(
            NotificationListener whom, NotificationFilter filter, Object handback) {
        super.addNotificationListener(whom, filter, handback);
        listening.add(whom);
        if (subscription == null) {
            subscription = audit.followEntries(this::heard);
        }
    }

    @Override
    public synchronized void removeNotificationListener(NotificationListener whom) throws ListenerNotFoundException {
        super.removeNotificationListener(whom);
        listening.removeIf(whom::equals);
        stopIfUnheard();
    }

    @Override
    public synchronized void removeNotificationListener(
            NotificationListener whom, NotificationFilter filter, Object handback) throws ListenerNotFoundException {
        super.removeNotificationListener(whom, filter, handback);
        listening.remove(whom);
        stopIfUnheard();
    }

    private void stopIfUnheard() {
        if (listening.isEmpty()) {
            stop();
        }
    }

    /** Follows no more. */
    synchronized void stop() {
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    private void heard(Entry entry) {
        AuditEvent event = entry.event();
        if (event.listener().equals(listener)) {
            if (event.type() == AuditEvent.Type.DENIED) {
                denied.add(entry);
            } else if (event.type() == AuditEvent.Type.REVOKED) {
                revoked.add(entry);
            }
        }
    }

    /** What there is to tell of one sort: the audit's thread adds to it, and another one tells. */
    private final class Throttled {

        private final String type;
        private Entry latest;
        private long count;
        private boolean pausing;

        Throttled(String type) {
            this.type = type;
        }

        /** The first is told at once, on a thread that whoever listens may hold up. */
        synchronized void add(Entry entry) {
            latest = entry;
            count += entry.count();
            if (!pausing) {
                pausing = true;
                later.accept(this::tell, 0L);
            }
        }

        private void tell() {
            Notification notification;
            synchronized (this) {
                if (count == 0) {
                    pausing = false;
                    return;
                }
                notification = notification(latest, count);
                count = 0;
            }
            later.accept(this::tell, PAUSE_MILLIS);
            sendNotification(notification);
        }

        private Notification notification(Entry entry, long events) {
            AuditEvent event = entry.event();
            Notification notification = new Notification(
                    type, source, sequence.incrementAndGet(), event.time().toEpochMilli(), entry.line());
            Map<String, Object> data = new TreeMap<>();
            data.put("count", events);
            data.put("uid", event.uid());
            data.put("gid", event.gid());
            event.pid().ifPresent(pid -> data.put("pid", pid));
            data.put("connection", event.connection());
            event.policy().ifPresent(policy -> data.put("policy", policy));
            data.put("reason", event.reason());
            notification.setUserData(data);
            return notification;
        }
    }
}
