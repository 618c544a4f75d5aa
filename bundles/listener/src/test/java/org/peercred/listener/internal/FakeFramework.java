/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.peercred.service.LineService;
import org.peercred.service.PeercredConstants;

/** As much of the framework as a component touches: references with two properties, and registrations that are counted. */
final class FakeFramework {

    private final AtomicInteger registered = new AtomicInteger();

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
