/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.peercred.service.LineService;
import org.peercred.service.PeercredConstants;

/** As much of the framework as a component touches: references with two properties, and registrations that are counted. */
final class FakeFramework {

    private final AtomicInteger registered = new AtomicInteger();
    private final List<BundleListener> listeners = new CopyOnWriteArrayList<>();
    private final List<FrameworkListener> frameworkListeners = new CopyOnWriteArrayList<>();
    private volatile int startLevel = LATEST;
    private volatile boolean isNew;

    private static final int LATEST = 90;

    /** A reference to a service with a name; the greater the ranking, the better. */
    ServiceReference<LineService> reference(String name, int ranking) {
        @SuppressWarnings("unchecked") // the proxy has no type argument
        ServiceReference<LineService> reference =
                proxy(ServiceReference.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getProperty" -> property(String.valueOf(arguments[0]), name, ranking);
                    case "getPropertyKeys" -> new String[] {PeercredConstants.SERVICE, "service.ranking"};
                    case "compareTo" ->
                        Integer.compare(
                                ranking, (int) ((ServiceReference<?>) arguments[0]).getProperty("service.ranking"));
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
        return reference;
    }

    BundleContext context() {
        return proxy(BundleContext.class, (proxy, method, arguments) -> {
            if (method.getName().equals("addBundleListener")) {
                return listeners.add((BundleListener) arguments[0]);
            }
            if (method.getName().equals("removeBundleListener")) {
                return listeners.remove((BundleListener) arguments[0]);
            }
            if (method.getName().equals("addFrameworkListener")) {
                return frameworkListeners.add((FrameworkListener) arguments[0]);
            }
            if (method.getName().equals("removeFrameworkListener")) {
                return frameworkListeners.remove((FrameworkListener) arguments[0]);
            }
            if (method.getName().equals("getBundle")) {
                return bundle(0);
            }
            if (method.getName().equals("getBundles")) {
                return new Bundle[] {bundle(0), bundle(1)};
            }
            if (method.getName().equals("getServiceReferences")) {
                return List.of();
            }
            if (!method.getName().equals("registerService")) {
                throw new UnsupportedOperationException(method.toString());
            }
            registered.incrementAndGet();
            return proxy(ServiceRegistration.class, (registration, call, none) -> {
                if (call.getName().equals("unregister")) {
                    registered.decrementAndGet();
                }
                return null;
            });
        });
    }

    /** Has not started the latest bundle yet. */
    void isStarting() {
        startLevel = LATEST - 1;
    }

    /** Has installed the latest bundle, and not started it yet. */
    void isInstalling() {
        isNew = true;
    }

    /** Starts what was installed. */
    void installed() {
        isNew = false;
        tell(BundleEvent.STARTED, 1);
    }

    /** Starts the latest bundle. */
    void started() {
        startLevel = LATEST;
        FrameworkEvent event = new FrameworkEvent(FrameworkEvent.STARTLEVEL_CHANGED, bundle(0), null);
        frameworkListeners.forEach(listener -> listener.frameworkEvent(event));
    }

    /** Begins to stop, which a framework tells by its bundle, number 0. */
    void stop() {
        tell(BundleEvent.STOPPING, 0);
    }

    /** Something happens to a bundle. */
    void tell(int event, long bundle) {
        listeners.forEach(listener -> listener.bundleChanged(new BundleEvent(event, bundle(bundle))));
    }

    private Bundle bundle(long id) {
        return proxy(Bundle.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getBundleId" -> id;
            case "getSymbolicName" -> "org.peercred.number" + id;
            case "getState" -> isNew && id > 0 ? Bundle.RESOLVED : Bundle.ACTIVE;
            case "adapt" -> level((Class<?>) arguments[0]);
            case "toString" -> "bundle " + id;
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private Object level(Class<?> type) {
        return proxy(type, (proxy, method, arguments) -> switch (method.getName()) {
            case "isPersistentlyStarted" -> true;
            case "getStartLevel" -> type.equals(FrameworkStartLevel.class) ? startLevel : LATEST;
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    /** How many want to hear of bundles. */
    int listeners() {
        return listeners.size();
    }

    /** How many services are registered. */
    int registered() {
        return registered.get();
    }

    private static Object property(String key, String name, int ranking) {
        return switch (key) {
            case PeercredConstants.SERVICE -> name;
            case "service.ranking" -> ranking;
            default -> null;
        };
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeFramework.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
