/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Changes a key of a configuration, and again where Karaf lost that. What its installer of configurations has read from a file, it sets a
 * little later, and it then writes to the file what is set: a change that was made in the meantime, on the console or in the file, is undone
 * by that, and what is half-written is taken for all there is.
 */
final class Change {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** The installer looks once a second. */
    private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private static final long TAKEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How a change is made. */
    @FunctionalInterface
    interface Attempt {
        void make() throws Exception;
    }

    private Change() {}

    /**
     * Returns when the value has been there for as long as the installer may need to undo it.
     *
     * @param pid the configuration's
     * @param key whose value is changed
     * @param value what it is to be
     * @param attempt changes it
     */
    static void lasts(String pid, String key, String value, Attempt attempt) throws Exception {
        long begin = System.nanoTime();
        do {
            if (isMade(attempt) && isTaken(pid, key, value)) {
                return;
            }
        } while (System.nanoTime() - begin < PATIENCE_NANOS);
        throw new AssertionError(key + " = " + value + " of " + pid + " is not taken");
    }

    /** Where a file is gone, the installer deletes its configuration at its next look, be it a new one by then. */
    private static boolean isMade(Attempt attempt) throws Exception {
        try {
            attempt.make();
            return true;
        } catch (IllegalStateException e) {
            if (!String.valueOf(e.getMessage()).contains(" deleted, by config:edit ")) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isTaken(String pid, String key, String value) throws Exception {
        long begin = System.nanoTime();
        long since = -1;
        while (System.nanoTime() - begin < TAKEN_NANOS) {
            long now = System.nanoTime();
            boolean there = value.equals(value(pid, key));
            if (there && since >= 0 && now - since > LASTING_NANOS) {
                return true;
            }
            if (!there && since >= 0) {
                return false;
            }
            since = there && since < 0 ? now : since;
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return false;
    }

    /** By Config Admin; {@code null} if there is none. */
    private static String value(String pid, String key) throws Exception {
        BundleContext context = FrameworkUtil.getBundle(Change.class).getBundleContext();
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        Configuration[] found = context.getService(reference).listConfigurations("(service.pid=" + pid + ")");
        Object value = found == null ? null : found[0].getProperties().get(key);
        return value == null ? null : value.toString();
    }
}
