/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.peercred.credentials.PeerCredentialProvider;
import org.peercred.credentials.internal.CredentialsComponent;

/** The real credential services, by the door that a framework uses: what the component registers. */
final class Kernel {

    private static final Map<Class<?>, Object> SERVICES = start();

    private Kernel() {}

    /** Asks the running kernel; empty where that cannot be done, and the log says why. */
    static Optional<PeerCredentialProvider> provider() {
        return Optional.ofNullable(SERVICES.get(PeerCredentialProvider.class)).map(PeerCredentialProvider.class::cast);
    }

    private static Map<Class<?>, Object> start() {
        Map<Class<?>, Object> services = new ConcurrentHashMap<>();
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                Kernel.class.getClassLoader(), new Class<?>[] {BundleContext.class}, (self, method, arguments) -> {
                    if (method.getName().equals("registerService") && arguments[0] instanceof Class<?> type) {
                        services.put(type, arguments[1]);
                        return registration();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
        CredentialsComponent unused = new CredentialsComponent(context);
        return services;
    }

    /** Nothing is withdrawn as long as the process runs. */
    private static Object registration() {
        return Proxy.newProxyInstance(
                Kernel.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (self, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
