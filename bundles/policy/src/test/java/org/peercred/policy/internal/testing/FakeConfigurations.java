/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.policy.internal.testing;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;

/** Configurations, and who hears of them at once. */
public final class FakeConfigurations {

    private final Map<String, Map<String, Object>> settings = new TreeMap<>();
    private SynchronousConfigurationListener listener = event -> {};

    /** Whether nothing can be asked. */
    public boolean broken;

    /** Whether no configuration can be read. */
    public boolean unreadable;

    /** Done when somebody hears of a change. */
    public Runnable whenHeard = () -> {};

    /** Done in the middle of a look. */
    public Runnable meanwhile = () -> {};

    public void tell(SynchronousConfigurationListener whom) {
        listener = whom;
    }

    /** Makes or changes one; its PID is in it. */
    public void put(Map<String, Object> properties) {
        String pid = (String) properties.get("service.pid");
        settings.put(pid, properties);
        listener.configurationEvent(event(ConfigurationEvent.CM_UPDATED, pid));
    }

    public void delete(String pid) {
        ConfigurationEvent event = event(ConfigurationEvent.CM_DELETED, pid);
        settings.remove(pid);
        listener.configurationEvent(event);
    }

    private ConfigurationEvent event(int type, String pid) {
        ServiceReference<ConfigurationAdmin> nobody = reference(key -> null);
        return new ConfigurationEvent(nobody, type, factoryPid(pid), pid) {
            @Override
            public String getPid() {
                whenHeard.run();
                return super.getPid();
            }
        };
    }

    private String factoryPid(String pid) {
        return settings.get(pid).containsKey("single") || pid.indexOf('~') < 0
                ? null
                : pid.substring(0, pid.indexOf('~'));
    }

    public ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, Map.of("listConfigurations", arguments -> list((String) arguments[0])));
    }

    private Configuration[] list(String filter) throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
        String wanted = filter.substring("(service.pid=".length(), filter.length() - 1);
        String prefix = wanted.endsWith("*") ? wanted.substring(0, wanted.length() - 1) : wanted;
        Configuration[] found = settings.entrySet().stream()
                .filter(entry -> wanted.endsWith("*")
                        ? entry.getKey().startsWith(prefix)
                        : entry.getKey().equals(prefix))
                .map(entry -> configuration(entry.getKey(), new HashMap<>(entry.getValue())))
                .toArray(Configuration[]::new);
        meanwhile.run();
        return found.length == 0 ? null : found;
    }

    private Configuration configuration(String pid, Map<String, Object> properties) {
        String factoryPid = factoryPid(pid);
        return proxy(
                Configuration.class,
                Map.of(
                        "getPid", arguments -> pid,
                        "getFactoryPid", arguments -> factoryPid,
                        "getProperties", arguments -> FrameworkUtil.asDictionary(properties),
                        "getProcessedProperties",
                                arguments -> {
                                    if (unreadable || arguments[0] == null) {
                                        throw new IllegalStateException("unreadable");
                                    }
                                    return FrameworkUtil.asDictionary(properties);
                                }));
    }

    /** A reference that is good for being told from others, and has properties. */
    public static <T> ServiceReference<T> reference(Function<String, Object> properties) {
        return reference(properties, () -> {});
    }

    /** One that does something first whenever it is looked up. */
    @SuppressWarnings("unchecked")
    public static <T> ServiceReference<T> reference(Function<String, Object> properties, Runnable first) {
        return (ServiceReference<T>) Proxy.newProxyInstance(
                FakeConfigurations.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> {
                        first.run();
                        yield System.identityHashCode(proxy);
                    }
                    case "equals" -> proxy == arguments[0];
                    case "getProperty" -> properties.apply((String) arguments[0]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** What a method answers. */
    @FunctionalInterface
    public interface Answer {
        Object to(Object[] arguments) throws Exception;
    }

    /** An object that answers some methods and none else. */
    public static <T> T proxy(Class<T> type, Map<String, Answer> answers) {
        return type.cast(Proxy.newProxyInstance(
                FakeConfigurations.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName()).to(arguments)));
    }
}
