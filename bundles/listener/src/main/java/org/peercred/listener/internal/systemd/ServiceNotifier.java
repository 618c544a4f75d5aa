/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.systemd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.peercred.common.threads.Threads;
import org.peercred.listener.internal.loop.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps systemd informed of a service of {@code Type=notify}: ready, how it is, alive, stopping. It has a thread of its own, so that
 * nothing that may wait, such as a name service, keeps it from that. May be used by any thread.
 */
public final class ServiceNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);
    private static final long STARTING_MILLIS = 200;
    private static final long READY_MILLIS = 5000;

    private final NotifySocket socket;
    private final Optional<Watchdog> watchdog;
    private final String watch;
    private final String watchNoMore;
    private final BooleanSupplier isReady;
    private final Supplier<String> status;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> Threads.daemon(task, "peercred-systemd"));

    /** Touched by the thread alone. */
    private boolean ready;

    private String told = "";
    /** Guarded by this. */
    private boolean over;

    /**
     * Says nothing yet.
     *
     * @param socket where systemd is told
     * @param timeout how long its watchdog waits; empty if there is none
     * @param loops those that have to be alive for it
     * @param isReady whether the service is ready; must not wait
     * @param status how it is, one line; must not wait
     */
    public ServiceNotifier(
            NotifySocket socket,
            Optional<Duration> timeout,
            Supplier<List<EventLoop>> loops,
            BooleanSupplier isReady,
            Supplier<String> status) {
        this.socket = socket;
        this.watchdog = timeout.map(time -> new Watchdog(time, loops, () -> tell("WATCHDOG=1"), System::nanoTime));
        this.watch = timeout.map(time -> "\nWATCHDOG_USEC=" + TimeUnit.NANOSECONDS.toMicros(time.toNanos()))
                .orElse("");
        this.watchNoMore = timeout.isPresent() ? "\nWATCHDOG_USEC=0" : "";
        this.isReady = isReady;
        this.status = status;
    }

    /** Begins. */
    public void start() {
        thread.prestartCoreThread();
        watchdog.ifPresent(dog -> {
            long nanos = Math.max(1, dog.period().toNanos());
            Future<?> unused = thread.scheduleAtFixedRate(() -> run(dog::look), 0, nanos, TimeUnit.NANOSECONDS);
        });
        again(0);
    }

    /** Says that the process is about to end, and nothing more: how long that may take is not for the watchdog to say. */
    public void stopping() {
        end("STOPPING=1" + watchNoMore + "\nSTATUS=The container stops.");
    }

    /** Says that nobody looks after the service for now, as during an update, and nothing more. After {@link #stopping}, does nothing. */
    public void suspend() {
        end("STATUS=The bundle org.peercred.listener is stopped: nobody is served." + watchNoMore);
    }

    private void end(String last) {
        thread.shutdownNow();
        synchronized (this) {
            tell(last);
            over = true;
        }
    }

    private synchronized boolean tell(String state) {
        return !over && socket.send(state);
    }

    private void look() {
        // In this order: what is ready is told with how it is by then.
        boolean isReadyNow = !ready && isReady.getAsBoolean();
        String now = "STATUS=" + status.get();
        if (isReadyNow) {
            // Where the watchdog was suspended, it watches again from here on.
            ready = tell("READY=1" + watch + "\n" + now);
            told = ready ? now : told;
        } else if (!now.equals(told) && tell(now)) {
            told = now;
        }
    }

    private void again(long millis) {
        try {
            Future<?> unused = thread.schedule(
                    () -> {
                        run(this::look);
                        again(ready ? READY_MILLIS : STARTING_MILLIS);
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("It ends.", e);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            EventLoop.report("systemd is not told how this service is", e);
        }
    }
}
