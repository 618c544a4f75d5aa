/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.function.BiConsumer;

/**
 * Tells the lines that were typed at a prompt from all else that a session executes. What the session's own thread executes it has
 * read at the prompt, but for scripts, which are run within a line or before the first prompt; commands run on other threads. Made by
 * the session's own thread, to be used by any.
 */
public final class PromptedLines implements OpenShells.Listener {

    private final Thread thread = Thread.currentThread();
    private final BiConsumer<String, Outcome> record;
    private boolean prompted;
    private String typed = "";
    private int depth;

    /**
     * Knows of no line yet.
     *
     * @param record told of each line that was typed, and what became of it, by the session's own thread
     */
    public PromptedLines(BiConsumer<String, Outcome> record) {
        this.record = record;
    }

    /** Before a line is asked for, or none any more: whatever ran has ended, even if nobody said so. */
    public void prompted() {
        if (Thread.currentThread() == thread) {
            if (depth > 0) {
                ended(Outcome.notRun("it did not end"));
            }
            prompted = true;
        }
    }

    @Override
    public void before(String line) {
        if (Thread.currentThread() == thread) {
            if (depth == 0) {
                typed = line;
            }
            depth++;
        }
    }

    @Override
    public void after(String line, Outcome outcome) {
        if (Thread.currentThread() == thread && depth > 0) {
            depth--;
            if (depth == 0) {
                ended(outcome);
            }
        }
    }

    private void ended(Outcome outcome) {
        depth = 0;
        if (prompted) {
            record.accept(typed, outcome);
        }
    }
}
