/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.Map;
import javax.management.DynamicMBean;
import javax.management.ObjectName;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.peercred.common.jmx.DescribedBean;
import org.peercred.listener.internal.engine.Latency;
import org.peercred.service.ListenerReport;

/** Shows one listener in JMX, by way of the whiteboard that Karaf's management feature brings. */
final class ListenerMBean implements ListenerMXBean {

    private final ListenerSupervisor supervisor;
    private final ListenerNotices notices;
    private ServiceRegistration<DynamicMBean> registration;
    private String registeredName = "";

    ListenerMBean(ListenerSupervisor supervisor, ListenerNotices notices) {
        this.supervisor = supervisor;
        this.notices = notices;
    }

    /** Registers it under the listener's name, again if that has changed. */
    synchronized void register(BundleContext context, String name) {
        if (name.equals(registeredName)) {
            return;
        }
        unregister();
        String objectName = "org.peercred:type=Listener,name=" + quoted(name);
        notices.of(name, objectName);
        registration = context.registerService(
                DynamicMBean.class,
                new DescribedBean(this, ListenerMXBean.class, notices),
                FrameworkUtil.asDictionary(Map.of("jmx.objectname", objectName)));
        registeredName = name;
    }

    synchronized void unregister() {
        if (registration != null) {
            registration.unregister();
            notices.stop();
            registration = null;
            registeredName = "";
        }
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z0-9._ -]+") ? name : ObjectName.quote(name);
    }

    private ListenerReport report() {
        return supervisor.report();
    }

    private double micros(double percentile) {
        return supervisor
                        .listener()
                        .map(listener -> Latency.percentileNanos(listener.latencies(), percentile))
                        .orElse(0L)
                / 1000.0;
    }

    @Override
    public String getPath() {
        return report().path();
    }

    @Override
    public String getProblem() {
        return report().problem().orElse("");
    }

    @Override
    public int getOpenConnections() {
        return report().counters().open();
    }

    @Override
    public long getAllowed() {
        return report().counters().allowed();
    }

    @Override
    public long getDenied() {
        return report().counters().denied();
    }

    @Override
    public long getLimited() {
        return report().counters().limited();
    }

    @Override
    public long getLines() {
        return report().counters().lines();
    }

    @Override
    public long getReceivedBytes() {
        return report().counters().received();
    }

    @Override
    public long getSentBytes() {
        return report().counters().sent();
    }

    @Override
    public double getLatencyP50Micros() {
        return micros(50);
    }

    @Override
    public double getLatencyP99Micros() {
        return micros(99);
    }

    @Override
    public double getLatencyP999Micros() {
        return micros(99.9);
    }

    @Override
    public double getLatencyMaxMicros() {
        return micros(100);
    }
}
