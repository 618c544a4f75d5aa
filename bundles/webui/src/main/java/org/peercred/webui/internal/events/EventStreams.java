/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.events;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServletResponse;
import org.peercred.access.AuditLog;
import org.peercred.common.inspect.Services;
import org.peercred.common.threads.Threads;
import org.peercred.webui.internal.page.Reply;
import org.peercred.webui.internal.page.Visit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands decisions to browsers as they are made, as server-sent events. Each browser has a thread and a bounded queue of its own, so that a slow
 * one keeps neither the audit nor another waiting; there are {@value #MOST} at most. Safe to be used by any thread.
 */
public final class EventStreams implements AutoCloseable {

    /** How many browsers are told at once; others have to ask. */
    static final int MOST = 16;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final String TYPE = "text/event-stream; charset=utf-8";

    private final Supplier<Services> services;
    private final Semaphore room = new Semaphore(MOST);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Tells nobody yet.
     *
     * @param services finds the audit log; asked for each stream
     */
    public EventStreams(Supplier<Services> services) {
        this.services = services;
    }

    /**
     * Opens a stream, which goes on after this method has returned, until the client goes, may look no more, or this is closed.
     *
     * @param visit the request, of somebody who may look
     * @throws IOException if the client is gone
     */
    public void open(Visit visit) throws IOException {
        if (!visit.request().isAsyncSupported()) {
            visit.answer(Reply.error(
                    HttpServletResponse.SC_NOT_IMPLEMENTED, "Events cannot be streamed here; ask for decisions."));
            return;
        }
        if (closed || !room.tryAcquire()) {
            visit.answer(Reply.error(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE, "Too many pages are open already; ask for decisions."));
            return;
        }
        boolean begun = false;
        try {
            begin(visit);
            begun = true;
        } finally {
            if (!begun) {
                room.release();
            }
        }
    }

    private void begin(Visit visit) {
        HttpServletResponse response = visit.response();
        Reply.protect(response);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(TYPE);
        AsyncContext async = visit.request().startAsync();
        // The client may have nothing to hear for long; the stream looks itself whether it is still there.
        async.setTimeout(0);
        Thread thread = Threads.daemon(() -> run(visit, async), "peercred-webui-events");
        threads.add(thread);
        boolean started = false;
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                threads.remove(thread);
                complete(async);
            }
        }
        if (closed) {
            thread.interrupt();
        }
    }

    private void run(Visit visit, AsyncContext async) {
        try (Services found = services.get()) {
            found.find(AuditLog.class).ifPresent(log -> {
                try (EventStream stream = new EventStream(log, found, visit)) {
                    stream.run();
                }
            });
        } catch (IllegalStateException e) {
            LOG.debug("The bundle has ended", e);
        } finally {
            threads.remove(Thread.currentThread());
            room.release();
            complete(async);
        }
    }

    /** The web server may have ended it by itself, with the connection. */
    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            LOG.debug("The stream has ended already", e);
        }
    }

    /** Ends all streams. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
    }
}
