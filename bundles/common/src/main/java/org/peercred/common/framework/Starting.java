/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.framework;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * Whether bundles are still to start: with the framework, by their start levels and one after the other, or those of ours that have been
 * installed together. May be used by any thread.
 */
public final class Starting implements FrameworkListener, BundleListener, AutoCloseable {

    /** Some bundles never start: they are stopped, or have a level that is not to be reached. */
    public static final Duration LONGEST = Duration.ofMinutes(1);

    private static final String OURS = "org.peercred.";

    private final BundleContext context;
    private final Runnable over;
    private final LongSupplier clock;
    private final long began;
    private volatile boolean on;

    /**
     * Looks, and waits for the end.
     *
     * @param context of a bundle that is being started
     * @param over run once when none is to start any more, by the framework's thread for events; never if that is so by now
     */
    public Starting(BundleContext context, Runnable over) {
        this(context, over, System::nanoTime);
    }

    /** Has another clock, in nanoseconds. */
    Starting(BundleContext context, Runnable over, LongSupplier clock) {
        this.context = context;
        this.over = over;
        this.clock = clock;
        began = clock.getAsLong();
        context.addFrameworkListener(this);
        context.addBundleListener(this);
        on = isAnyToCome();
        if (!on) {
            close();
        }
    }

    /**
     * Whether bundles are still to start.
     *
     * @return never true again once it was false, and not for longer than a minute
     */
    public boolean isOn() {
        return on && clock.getAsLong() - began < LONGEST.toNanos();
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
            look();
        }
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED) {
            look();
        }
    }

    private void look() {
        if (on && !isAnyToCome()) {
            close();
            over.run();
        }
    }

    private boolean isAnyToCome() {
        int reached = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkStartLevel.class)
                .getStartLevel();
        return Arrays.stream(context.getBundles()).anyMatch(bundle -> isToCome(bundle, reached));
    }

    private static boolean isToCome(Bundle bundle, int reached) {
        boolean isNew = (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
                && String.valueOf(bundle.getSymbolicName()).startsWith(OURS);
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        try {
            return isNew || (level != null && level.isPersistentlyStarted() && level.getStartLevel() > reached);
        } catch (IllegalStateException e) {
            // It has just been uninstalled.
            return false;
        }
    }

    /** Waits no longer. */
    @Override
    public void close() {
        on = false;
        context.removeFrameworkListener(this);
        context.removeBundleListener(this);
    }
}
