/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.server;

import java.lang.reflect.InvocationTargetException;
import javax.servlet.ServletContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;

/** Finds the server behind a servlet's context. */
final class JettyServer {

    /** Pax Web's contexts stand before Jetty's own, one before the other, and tell what is behind them by this method. */
    private static final String BEHIND = "getContainerServletContext";

    private static final int MOST_LAYERS = 8;

    private JettyServer() {}

    /**
     * Finds it.
     *
     * @param context a servlet's
     * @return the server
     * @throws IllegalStateException if the web server is not a Jetty that this bundle knows
     */
    static Server of(ServletContext context) {
        ServletContext layer = context;
        for (int i = 0; i < MOST_LAYERS; i++) {
            ContextHandler handler = ContextHandler.getContextHandler(layer);
            if (handler != null && handler.getServer() != null) {
                return handler.getServer();
            }
            layer = behind(layer);
        }
        throw new IllegalStateException(
                "There is no Jetty behind " + context.getClass().getName() + ".");
    }

    private static ServletContext behind(ServletContext layer) {
        try {
            return (ServletContext) layer.getClass().getMethod(BEHIND).invoke(layer);
        } catch (NoSuchMethodException | IllegalAccessException | ClassCastException e) {
            throw new IllegalStateException(
                    "There is no Jetty that this bundle knows behind "
                            + layer.getClass().getName() + ".",
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(layer.getClass().getName() + " failed.", e.getCause());
        }
    }
}
