/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.peercred.listener.internal.engine.Listener;
import org.peercred.listener.internal.socket.OpenSocket;
import org.peercred.service.ListenerReport;

/**
 * How a listener stands: what it shall be, what keeps it from that, and what else there is to say. Written by one thread at a time,
 * read by any. Never waits.
 */
final class Standing {

    private final Supplier<List<String>> remarks;
    private final BooleanSupplier said;
    private volatile ListenerSettings wanted;
    private volatile String problem = "";
    private volatile Rejection rejection = new Rejection("", "");

    private record Rejection(String name, String why) {}

    /**
     * Creates that of a listener that nobody wants yet.
     *
     * @param remarks what else there is to say of the listener, whole sentences; empty strings for nothing
     * @param said whether the log has all that there is to say
     */
    Standing(Supplier<List<String>> remarks, BooleanSupplier said) {
        this.remarks = remarks;
        this.said = said;
    }

    /** Says what it shall be from now on; nothing is known against it. */
    void want(ListenerSettings settings) {
        wanted = settings;
        problem = "";
    }

    /** What it shall be; {@code null} as long as nobody has said so. */
    ListenerSettings wanted() {
        return wanted;
    }

    /** Whether this is what it shall be, and nothing keeps it from that. */
    boolean isAsWanted(ListenerSettings settings) {
        return settings.equals(wanted) && problem.isEmpty();
    }

    /** Says what keeps it from what it shall be; the empty string for nothing. */
    void problem(String newProblem) {
        problem = newProblem;
    }

    /** What keeps it from what it shall be; the empty string for nothing. */
    String problem() {
        return problem;
    }

    /** Tells of a configuration that was rejected; the empty string that the latest was not. */
    void rejected(String name, String why) {
        rejection = new Rejection(name, why);
    }

    /**
     * Tells all of it.
     *
     * @param bound its socket, while it has one
     * @param listener the listener, while there is one
     * @param closed whether it has been closed for good
     */
    ListenerReport report(Optional<OpenSocket> bound, Optional<Listener> listener, boolean closed) {
        Rejection rejected = rejection;
        ListenerSettings settings = wanted;
        Optional<String> trouble = trouble(rejected.why(), bound, closed);
        String path = bound.map(OpenSocket::place).orElse(settings == null ? "" : settings.path());
        if (listener.isPresent()) {
            boolean listening = !closed && bound.filter(OpenSocket::isInPlace).isPresent();
            return listener.get().report(path, listening, trouble);
        }
        return new ListenerReport(
                settings == null ? rejected.name() : settings.name(),
                path,
                false,
                trouble,
                settings == null ? Set.of() : settings.requiredPolicies(),
                ListenerReport.Counters.NONE);
    }

    /** Whether clients are served, or the log says why not. */
    boolean isSettled(Optional<OpenSocket> bound) {
        boolean isRefused = !rejection.why().isEmpty() || !problem.isEmpty();
        return isRefused || (bound.filter(OpenSocket::isInPlace).isPresent() && said.getAsBoolean());
    }

    private Optional<String> trouble(String rejected, Optional<OpenSocket> bound, boolean closed) {
        String now = problem;
        String file = bound.filter(socket -> now.isEmpty() && !closed && !socket.isInPlace())
                .map(lost -> lost.place() + " is gone or another's; it is made anew within "
                        + ListenerSupervisor.RETRY_SECONDS + " s")
                .orElse(now);
        String all = Stream.concat(Stream.of(rejected, file), remarks.get().stream())
                .filter(text -> !text.isEmpty())
                .reduce((first, second) -> first + (first.endsWith(".") || first.endsWith("?") ? " " : ". ") + second)
                .orElse("");
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }
}
