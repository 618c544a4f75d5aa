/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.benchmarks.web;

import java.util.Hashtable;
import javax.servlet.Filter;
import javax.servlet.Servlet;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** One servlet under two paths: /bench for everybody, /bench/basic for who has a password of Karaf's realm. */
public final class Activator implements BundleActivator {

    private static final String WHITEBOARD = "osgi.http.whiteboard.";

    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> servlet = new Hashtable<>();
        servlet.put(WHITEBOARD + "servlet.pattern", "/bench/*");
        servlet.put(WHITEBOARD + "servlet.asyncSupported", true);
        context.registerService(Servlet.class, new MeasuredServlet(), servlet);
        Hashtable<String, Object> filter = new Hashtable<>();
        filter.put(WHITEBOARD + "filter.pattern", "/bench/basic/*");
        context.registerService(Filter.class, new PasswordFilter("karaf"), filter);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework withdraws what this bundle has registered.
    }
}
