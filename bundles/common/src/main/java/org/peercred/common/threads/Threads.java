/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.threads;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** Threads that act for nobody. */
public final class Threads {

    private Threads() {}

    /**
     * Makes a daemon thread. A thread inherits the {@link javax.security.auth.Subject} that the thread that makes it runs as:
     * an operator's, where a command in Karaf's console installs or starts a bundle. It would keep that operator's roles for
     * as long as it lives, and use them while it serves clients. One that is made here runs as nobody.
     *
     * @param task what it runs
     * @param name its name
     * @return the thread, not started
     */
    @SuppressWarnings("removal") // What is to come instead inherits nothing, from Java 24 on.
    public static Thread daemon(Runnable task, String name) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
