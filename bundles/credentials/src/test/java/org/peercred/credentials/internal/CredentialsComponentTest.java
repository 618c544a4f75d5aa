/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;

@Timeout(120)
class CredentialsComponentTest {

    private final List<String> published = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();

    @Test
    void publishes_the_three_services_and_withdraws_them() {
        CredentialsComponent component = component("Linux", "amd64", null);
        assertEquals(List.of("PeerCredentialProvider", "ProcessPinner", "UserDatabase"), published);
        component.withdraw();
        assertEquals(List.of(), published);
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Windows 11, amd64", "FreeBSD, amd64", "Linux, arm", "Linux, i386", "Linux, x86"})
    void publishes_nothing_elsewhere_and_says_so_in_one_sentence(String name, String arch) {
        component(name, arch, null).withdraw();
        assertEquals(List.of(), published);
        assertEquals(1, logged.size());
        assertTrue(logged.get(0).startsWith("error [Peercred needs "), logged.get(0));
        assertTrue(logged.get(0).contains(name.equals("Linux") ? arch : name), logged.get(0));
        assertTrue(logged.get(0).endsWith(", so every connection stays refused.]"), logged.get(0));
    }

    @Test
    void publishes_nothing_without_the_native_library_and_says_so_in_one_sentence() {
        Throwable cause = new UnsatisfiedLinkError("could not get native definition\njava.lang.Long story\n\tat there");
        Error failure = new ExceptionInInitializerError(cause);
        component("Linux", "amd64", failure).withdraw();
        assertEquals(List.of(), published);
        assertEquals(
                List.of("error [The native library of jnr-ffi cannot be loaded, so nobody can be identified and every"
                        + " connection stays refused: could not get native definition (UnsatisfiedLinkError); check that the"
                        + " bundle jffi has its fragment jffi-native.]"),
                logged);
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64", "Linux, x86_64", "Linux, aarch64"})
    void works_on_64_bit_linux(String name, String arch) {
        CredentialsComponent component = component(name, arch, null);
        assertEquals(3, published.size());
        component.withdraw();
    }

    private CredentialsComponent component(String name, String arch, Error failure) {
        return new CredentialsComponent(context(), log(), name, arch, () -> {
            if (failure != null) {
                throw failure;
            }
            return Native.load();
        });
    }

    private BundleContext context() {
        return proxy(BundleContext.class, (method, arguments) -> {
            assertEquals("registerService", method);
            String service = ((Class<?>) arguments[0]).getSimpleName();
            published.add(service);
            return proxy(ServiceRegistration.class, (unregister, none) -> {
                assertEquals("unregister", unregister);
                published.remove(service);
                return null;
            });
        });
    }

    private Logger log() {
        return proxy(Logger.class, (method, arguments) -> {
            if (!method.equals("info")) {
                logged.add(method + " " + List.of(arguments));
            }
            return null;
        });
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> handler.handle(method.getName(), arguments)));
    }

    private interface Handler {
        Object handle(String method, Object[] arguments);
    }
}
