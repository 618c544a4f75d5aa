/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import org.peercred.common.threads.Threads;

/**
 * A thread of its own for what one client runs, which ends with that client. Where it is this console that stops, what is run may be
 * what stops it, and is to start it again: interrupted, Karaf would not wait for the end and start it too early. So it is left alone,
 * unless it takes longer than that does. Safe to be used by any thread.
 */
public final class CommandThread {

    private final Thread thread;
    private final Runnable interrupted;
    private final Stop stop;
    private boolean ended;

    /**
     * Makes it, and does not start it.
     *
     * @param body what it runs
     * @param name its name
     * @param interrupted told, by any thread, each time that it has been interrupted, begun or not
     * @param stop what a stop of the console means
     */
    public CommandThread(Runnable body, String name, Runnable interrupted, Stop stop) {
        this.thread = Threads.daemon(body, name);
        this.interrupted = interrupted;
        this.stop = stop;
    }

    /**
     * Begins, unless it was ended before. To be called once.
     *
     * @return whether it runs
     */
    public synchronized boolean start() {
        if (!ended) {
            thread.start();
        }
        return !ended;
    }

    /** Ends it: the client has gone, or the connection. Never waits. */
    public void end() {
        synchronized (this) {
            ended = true;
        }
        if (stop.begun().getAsBoolean()) {
            Threads.daemon(this::interruptLater, "peercred-console-end").start();
        } else {
            interrupt();
        }
    }

    private void interruptLater() {
        try {
            thread.join(stop.patienceMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            interrupt();
        }
    }

    private void interrupt() {
        thread.interrupt();
        interrupted.run();
    }
}
