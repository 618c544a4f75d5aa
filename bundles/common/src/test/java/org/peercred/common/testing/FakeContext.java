/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** A bundle context with a service a type, that counts the services not given back. */
public final class FakeContext {

    private final Map<String, Object> services = new ConcurrentHashMap<>();
    private final AtomicInteger held = new AtomicInteger();
    private final Bundle bundle = proxy(Bundle.class, (self, method, args) -> switch (method.getName()) {
        case "getState" -> Bundle.ACTIVE;
        default -> throw new UnsupportedOperationException(method.getName());
    });
    private final BundleContext context = proxy(BundleContext.class, this::call);

    public BundleContext asContext() {
        return context;
    }

    public <S> void add(Class<S> type, S service) {
        services.put(type.getName(), service);
    }

    public void remove(Class<?> type) {
        services.remove(type.getName());
    }

    public int held() {
        return held.get();
    }

    private Object call(Object self, Method method, Object[] args) {
        return switch (method.getName()) {
            case "getBundle" -> bundle;
            case "getServiceReference" -> reference(((Class<?>) args[0]).getName());
            case "getServiceReferences" -> {
                Object reference = reference(((Class<?>) args[0]).getName());
                yield reference == null ? List.of() : List.of(reference);
            }
            case "getService" -> {
                held.incrementAndGet();
                yield services.get(args[0].toString());
            }
            case "ungetService" -> {
                held.decrementAndGet();
                yield true;
            }
            case "registerService" -> {
                services.put(((Class<?>) args[0]).getName(), args[1]);
                yield proxy(ServiceRegistration.class, (s, m, a) -> null);
            }
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == args[0];
            default -> throw new UnsupportedOperationException(method.getName());
        };
    }

    private Object reference(String type) {
        if (!services.containsKey(type)) {
            return null;
        }
        return proxy(ServiceReference.class, (self, method, args) -> switch (method.getName()) {
            case "toString" -> type;
            case "getBundle" -> services.containsKey(type) ? bundle : null;
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeContext.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
