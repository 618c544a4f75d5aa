/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal.gate;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.peercred.access.AccessRequest;
import org.peercred.http.internal.jetty.PeerEndPoint;
import org.peercred.service.ChannelConnection;

/**
 * Counts each request that was answered, and tells the audit log of it where that wants to know: nothing is gathered otherwise. What follows a path, its query
 * and its parameters, is left out: passwords and sessions stand there. Safe to be used by any thread.
 */
public final class RequestAudit implements HttpChannel.Listener {

    private static final String BEGUN = "org.peercred.http.begun";
    private static final String UNKNOWN = "-";

    /** What is known when a request begins, and what an application may change later. */
    private static final class Begun {

        private final long nanos = System.nanoTime();
        private final String method;
        private final String path;
        private volatile boolean failed;

        Begun(String method, String path) {
            this.method = method;
            this.path = path;
        }
    }

    @Override
    public void onRequestBegin(Request request) {
        if (connection(request).auditsRequests()) {
            request.setAttribute(
                    BEGUN,
                    new Begun(request.getMethod(), path(request.getHttpURI().getPath())));
        }
    }

    /** One of which the server does not even understand the first line never begins. */
    @Override
    public void onRequestFailure(Request request, Throwable failure) {
        if (request.getAttribute(BEGUN) == null && connection(request).auditsRequests()) {
            request.setAttribute(BEGUN, new Begun(UNKNOWN, UNKNOWN));
        }
    }

    @Override
    public void onResponseFailure(Request request, Throwable failure) {
        if (request.getAttribute(BEGUN) instanceof Begun begun) {
            begun.failed = true;
        }
    }

    @Override
    public void onComplete(Request request) {
        connection(request).countRequest();
        if (!(request.getAttribute(BEGUN) instanceof Begun begun)) {
            return;
        }
        MetaData.Response sent = request.getResponse().getCommittedMetaData();
        int status = sent == null ? request.getResponse().getStatus() : sent.getStatus();
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun.nanos);
        connection(request)
                .auditRequest(
                        AccessRequest.http(begun.method, begun.path),
                        begun.failed ? "the connection ended before the answer did" : "answered",
                        Map.of(
                                "method", begun.method,
                                "path", begun.path,
                                "status", Integer.toString(status),
                                "bytes", Long.toString(request.getHttpChannel().getBytesWritten()),
                                "micros", Long.toString(micros)));
    }

    private static ChannelConnection connection(Request request) {
        return ((PeerEndPoint) request.getHttpChannel().getEndPoint()).caller().connection();
    }

    /** As rules see it; as it was sent, where it can be read in more than one way. */
    private static String path(String raw) {
        if (raw == null) {
            return "";
        }
        int parameters = raw.indexOf(';');
        String bare = parameters < 0 ? raw : raw.substring(0, parameters);
        return RequestPath.plain(bare).orElse(bare);
    }
}
