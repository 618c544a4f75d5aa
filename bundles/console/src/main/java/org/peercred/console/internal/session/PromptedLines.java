/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells the lines that were typed at a prompt from all else that a session executes. What the session's own thread executes it has
 * read at the prompt, but for scripts, which are run within a line or before the first prompt; commands run on other threads. Made by
 * the session's own thread, to be used by any.
 */
public final class PromptedLines implements OpenShells.Listener {

    private final Thread thread = Thread.currentThread();
    private final Function<String, Consumer<Outcome>> begin;
    private boolean prompted;
    private Optional<Consumer<Outcome>> typed = Optional.empty();
    private int depth;

    /**
     * Knows of no line yet.
     *
     * @param begin told of each line that was typed, before it runs, by the session's own thread; what it gives is told by the same
     *     what became of it
     */
    public PromptedLines(Function<String, Consumer<Outcome>> begin) {
        this.begin = begin;
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
            depth++;
            if (depth == 1) {
                typed = Optional.empty();
                typed = prompted ? Optional.of(begin.apply(line)) : Optional.empty();
            }
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
        typed.ifPresent(record -> record.accept(outcome));
    }
}
