/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.webui.internal.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.servlet.ServletOutputStream;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.access.AuditLog.Entry;
import org.peercred.common.inspect.Accounts;
import org.peercred.common.inspect.Services;
import org.peercred.common.json.Json;
import org.peercred.common.text.ForeignText;
import org.peercred.webui.internal.page.Visit;
import org.peercred.webui.internal.view.DecisionView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one browser is told. The audit's thread, which must not wait, puts events into a queue of {@value #ROOM}; what does not fit is counted, and
 * the count is told. Run by one thread.
 */
final class EventStream implements AutoCloseable {

    /** How many events wait for a slow client. */
    static final int ROOM = 500;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final long LOOK_AROUND_MILLIS = 500;

    /** How many silent looks around until something is sent, by which a client that is gone is noticed. */
    private static final int SILENCE = 20;

    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong missed = new AtomicLong();
    private final Services services;
    private final Visit visit;
    private final AuditLog.Subscription subscription;

    /** Collects events from now on. */
    EventStream(AuditLog log, Services services, Visit visit) {
        this.services = services;
        this.visit = visit;
        subscription = log.follow(this::take);
    }

    private void take(AuditEvent event, String line) {
        if (!queue.offer(new Entry(event, line))) {
            missed.incrementAndGet();
        }
    }

    /** Sends until the client is gone or may look no more, the audit log is gone, or the thread is interrupted. */
    void run() {
        try {
            ServletOutputStream out = visit.response().getOutputStream();
            send(out, ": begun\n\n");
            int silent = 0;
            while (visit.mayLook() && services.stillThere()) {
                String text = next();
                silent = text.isEmpty() ? silent + 1 : 0;
                if (silent == SILENCE) {
                    text = ": still there\n\n";
                    silent = 0;
                }
                if (!text.isEmpty() && visit.mayLook()) {
                    send(out, text);
                }
            }
        } catch (IOException e) {
            LOG.debug("A client of the page is gone", e);
        } catch (InterruptedException e) {
            // The bundle ends; so does this thread.
            Thread.currentThread().interrupt();
        }
    }

    /** What is to be sent now; empty if nothing happens for a while. */
    private String next() throws InterruptedException {
        List<Entry> entries = new ArrayList<>();
        Entry first = queue.poll(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
            entries.add(first);
            queue.drainTo(entries);
        }
        Accounts accounts = new Accounts(services);
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> event(text, "decision", DecisionView.of(entry, accounts)));
        long lost = missed.getAndSet(0);
        if (lost > 0) {
            event(text, "missed", Map.of("count", lost));
        }
        return text.toString();
    }

    private static void event(StringBuilder text, String name, Object data) {
        text.append("event: ")
                .append(name)
                .append("\ndata: ")
                .append(Json.of(data, ForeignText::escape))
                .append("\n\n");
    }

    private void send(ServletOutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        visit.response().flushBuffer();
    }

    /** Collects no more. */
    @Override
    public void close() {
        subscription.close();
    }
}
