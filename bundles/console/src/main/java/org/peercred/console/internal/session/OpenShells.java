/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;

/** Tells interactive sessions what is typed in them: Karaf tells of all its sessions alike. Safe to be used by any thread. */
public final class OpenShells implements CommandSessionListener {

    /** Told what its session executes, by the thread that does. */
    public interface Listener {

        /** Before a line. */
        void before(String line);

        /** After a line. */
        void after(String line, Outcome outcome);
    }

    private final Map<CommandSession, Listener> shells = new ConcurrentHashMap<>();

    /** Tells of a session from now on. */
    public void add(CommandSession session, Listener listener) {
        shells.put(session, listener);
    }

    /** Tells of a session no more. */
    public void remove(CommandSession session) {
        shells.remove(session);
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence line) {
        Listener listener = shells.get(session);
        if (listener != null) {
            listener.before(line.toString());
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception thrown) {
        Listener listener = shells.get(session);
        if (listener != null) {
            listener.after(line.toString(), Outcome.of(thrown));
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object value) {
        Listener listener = shells.get(session);
        if (listener != null) {
            listener.after(line.toString(), Outcome.of(value));
        }
    }
}
