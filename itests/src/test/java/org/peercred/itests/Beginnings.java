/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;

/** Hears when the context that it was registered in begins. */
final class Beginnings implements ServletContextListener {

    private final CountDownLatch heard = new CountDownLatch(1);

    @Override
    public void contextInitialized(ServletContextEvent event) {
        heard.countDown();
    }

    boolean await(int seconds) throws InterruptedException {
        return heard.await(seconds, TimeUnit.SECONDS);
    }
}
