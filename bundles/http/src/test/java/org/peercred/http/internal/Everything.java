/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.http.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.AsyncContext;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** One application for all tests: does something else by each path, and answers with the method and the path by all others. */
final class Everything extends HttpServlet {

    /** The bytes of {@code /large}. */
    static final int LARGE = 20 << 20;

    private static final long serialVersionUID = 1L;

    /** How many requests it saw. */
    final transient AtomicInteger served = new AtomicInteger();

    /** What {@code /wait} waits for. */
    final transient CountDownLatch goOn = new CountDownLatch(1);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        served.incrementAndGet();
        switch (request.getServletPath()) {
            case "/who" ->
                text(
                        response,
                        String.join(
                                " ",
                                List.of(
                                        request.getRemoteUser(),
                                        request.getUserPrincipal().getClass().getSimpleName(),
                                        request.getAuthType(),
                                        "" + request.isUserInRole("viewer"),
                                        "" + request.isSecure(),
                                        "[" + request.getRemoteAddr() + "]",
                                        "" + request.getAttribute("org.peercred.uid"),
                                        "" + request.getAttribute("org.peercred.listener"),
                                        request.getScheme())));
            case "/where" ->
                text(
                        response,
                        request.getRemoteUser() + " [" + request.getRemoteAddr() + "] [" + request.getRemoteHost()
                                + "] " + request.getRemotePort() + " " + request.isSecure() + " "
                                + request.getRequestURL());
            case "/count" -> {
                long count = 0;
                byte[] bytes = new byte[100_000];
                try (InputStream input = request.getInputStream()) {
                    for (int n = input.read(bytes); n >= 0; n = input.read(bytes)) {
                        count += n;
                    }
                }
                text(response, Long.toString(count));
            }
            case "/later" -> {
                AsyncContext async = request.startAsync();
                new Thread(() -> {
                            try {
                                text(response, "later");
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            async.complete();
                        })
                        .start();
            }
            case "/forward" -> request.getRequestDispatcher("/closed").forward(request, response);
            case "/dispatch" -> request.startAsync().dispatch("/closed");
            case "/large" -> {
                byte[] bytes = new byte[1 << 16];
                for (int done = 0; done < LARGE; done += bytes.length) {
                    response.getOutputStream().write(bytes);
                }
            }
            case "/events" -> {
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                response.setContentType("text/event-stream");
                response.getOutputStream().print("data: one\n\n");
                response.flushBuffer();
            }
            case "/wait" -> {
                try {
                    goOn.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                text(response, "waited");
            }
            default -> text(response, request.getMethod() + " " + request.getServletPath());
        }
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
