/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;

/**
 * Hands audit events to EventAdmin as {@code org/peercred/TYPE}, for instance {@code org/peercred/denied}, but only while a
 * handler asks for such topics: otherwise nobody would see them. A handler of all topics ({@code *}) does not count, since
 * Karaf itself has one that keeps the latest events of any kind, and would make every connection of every container pay; once
 * another handler asks, such a handler gets the events too.
 *
 * <p>Events are sent and not posted: EventAdmin's queue has no bound, while the audit's own makes accepting wait.
 */
@Component(
        name = "org.peercred.audit.eventadmin",
        service = {})
public final class EventAdminSink {

    private static final String TOPICS = "org/peercred/";

    private final EventAdmin eventAdmin;
    private final AuditLog audit;
    private final Map<ServiceReference<EventHandler>, Boolean> handlers = new HashMap<>();
    private AuditLog.Subscription subscription;
    private boolean active;

    /**
     * @param eventAdmin where events go
     * @param audit where they come from
     */
    @Activate
    public EventAdminSink(
            @Reference(name = "eventAdmin") EventAdmin eventAdmin, @Reference(name = "audit") AuditLog audit) {
        this.eventAdmin = eventAdmin;
        this.audit = audit;
    }

    @Activate
    synchronized void activate() {
        active = true;
        update();
    }

    @Deactivate
    synchronized void deactivate() {
        active = false;
        update();
    }

    @Reference(
            name = "handlers",
            service = EventHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    synchronized void bindHandler(ServiceReference<EventHandler> handler) {
        handlers.put(handler, listens(handler.getProperty(EventConstants.EVENT_TOPIC)));
        update();
    }

    synchronized void updatedHandler(ServiceReference<EventHandler> handler) {
        bindHandler(handler);
    }

    synchronized void unbindHandler(ServiceReference<EventHandler> handler) {
        handlers.remove(handler);
        update();
    }

    /** Whether topics, one or an array of them as in the EventAdmin specification, take in any of ours. */
    static boolean listens(Object topics) {
        if (topics instanceof Object[] array) {
            for (Object topic : array) {
                if (listens(topic)) {
                    return true;
                }
            }
            return false;
        }
        if (topics instanceof Iterable<?> several) {
            for (Object topic : several) {
                if (listens(topic)) {
                    return true;
                }
            }
            return false;
        }
        String topic = String.valueOf(topics);
        return topic.startsWith(TOPICS) || topic.equals("org/*");
    }

    private void update() {
        boolean wanted = active && handlers.containsValue(true);
        if (wanted && subscription == null) {
            subscription = audit.follow((event, line) -> eventAdmin.sendEvent(toEvent(event, line)));
        } else if (!wanted && subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    private static Event toEvent(AuditEvent event, String line) {
        Map<String, Object> properties = new HashMap<>(event.details());
        properties.put("timestamp", event.time().toEpochMilli());
        properties.put("event", event.type().label());
        properties.put("listener", event.listener());
        properties.put("connection", event.connection());
        properties.put("uid", event.uid());
        properties.put("gid", event.gid());
        event.pid().ifPresent(pid -> properties.put("pid", pid));
        properties.put("action", event.action());
        event.policy().ifPresent(policy -> properties.put("policy", policy));
        properties.put("reason", event.reason());
        properties.put("line", line);
        return new Event(TOPICS + event.type().label(), properties);
    }
}
