/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.framework;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;

/** What counts as still to start, and when that ends. */
class StartingTest {

    private final List<Bundle> bundles = new ArrayList<>();
    private final List<Object> listeners = new ArrayList<>();
    private int reached = 80;
    private long now;
    private int ends;

    @Test
    void nothing_is_to_come_when_all_have_started() {
        bundles.add(bundle("org.peercred.policy", Bundle.ACTIVE, 80, true));
        bundles.add(bundle("com.acme.stopped", Bundle.RESOLVED, 80, false));
        bundles.add(bundle("com.acme.stopped", Bundle.RESOLVED, 90, false));
        assertFalse(starting().isOn());
        assertEquals(List.of(), listeners);
    }

    @Test
    void a_bundle_of_a_level_that_has_not_been_reached_is_to_come() {
        bundles.add(bundle("com.acme.late", Bundle.RESOLVED, 85, true));
        Starting starting = starting();
        assertTrue(starting.isOn());
        starting.frameworkEvent(new FrameworkEvent(FrameworkEvent.STARTED, bundles.get(0), null));
        assertTrue(starting.isOn());
        reached = 85;
        starting.frameworkEvent(new FrameworkEvent(FrameworkEvent.STARTLEVEL_CHANGED, bundles.get(0), null));
        assertFalse(starting.isOn());
        assertEquals(1, ends);
        assertEquals(List.of(), listeners);
    }

    @Test
    void a_bundle_of_ours_that_was_installed_is_to_come_until_all_of_them_have_started() {
        bundles.add(bundle("org.peercred.console", Bundle.RESOLVED, 80, false));
        bundles.add(bundle("org.peercred.shell", Bundle.INSTALLED, 80, false));
        Starting starting = starting();
        bundles.set(0, bundle("org.peercred.console", Bundle.ACTIVE, 80, true));
        starting.bundleChanged(new BundleEvent(BundleEvent.STARTED, bundles.get(0)));
        assertTrue(starting.isOn());
        bundles.set(1, bundle("org.peercred.shell", Bundle.STARTING, 80, true));
        starting.bundleChanged(new BundleEvent(BundleEvent.RESOLVED, bundles.get(1)));
        assertTrue(starting.isOn());
        starting.bundleChanged(new BundleEvent(BundleEvent.STARTED, bundles.get(1)));
        assertFalse(starting.isOn());
        starting.bundleChanged(new BundleEvent(BundleEvent.STARTED, bundles.get(1)));
        assertEquals(1, ends);
    }

    @Test
    void nobody_waits_for_ever_for_what_never_starts() {
        bundles.add(bundle("com.acme.never", Bundle.RESOLVED, 200, true));
        Starting starting = starting();
        now += Starting.LONGEST.toNanos() - 1;
        assertTrue(starting.isOn());
        now++;
        assertFalse(starting.isOn());
    }

    @Test
    void a_bundle_that_is_uninstalled_meanwhile_is_not_to_come() {
        bundles.add(proxy(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
            case "getState" -> Bundle.UNINSTALLED;
            case "getSymbolicName" -> "com.acme.gone";
            default ->
                proxy((Class<?>) arguments[0], (level, call, none) -> {
                    throw new IllegalStateException("uninstalled");
                });
        }));
        assertFalse(starting().isOn());
    }

    private Starting starting() {
        BundleContext context = proxy(BundleContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "addFrameworkListener", "addBundleListener" -> listeners.add(arguments[0]);
            case "removeFrameworkListener", "removeBundleListener" -> listeners.remove(arguments[0]);
            case "getBundles" -> bundles.toArray(Bundle[]::new);
            default -> bundle("org.apache.felix.framework", Bundle.ACTIVE, reached, true);
        });
        return new Starting(context, () -> ends++, () -> now);
    }

    private static Bundle bundle(String name, int state, int level, boolean isPersistentlyStarted) {
        return proxy(Bundle.class, (self, method, arguments) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "getState" -> state;
            case "toString" -> name;
            default ->
                proxy(
                        (Class<?>) arguments[0],
                        (levels, call, none) -> call.getName().equals("getStartLevel")
                                ? (Object) level
                                : (Object) isPersistentlyStarted);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(StartingTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
