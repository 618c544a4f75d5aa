/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that only a loop's thread may work out, asked by another thread, which waits for the answer, but not for ever. */
public final class LoopQuestion {

    /** How long a loop that a service blocks is waited for. */
    public static final long PATIENCE_SECONDS = 10;

    /** There is no answer; the message says why, as half a sentence. */
    public static final class NoAnswerException extends Exception {

        private static final long serialVersionUID = 1L;

        NoAnswerException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private LoopQuestion() {}

    /**
     * Asks.
     *
     * @param <T> the type of the answer
     * @param loop whose thread shall work it out
     * @param question must not block
     * @return the answer
     * @throws NoAnswerException if the question threw, the loop is busy or has ended, or this thread is interrupted, which it stays
     * @throws IllegalStateException on another loop's thread, which must not wait
     */
    public static <T> T ask(EventLoop loop, Callable<T> question) throws NoAnswerException {
        if (EventLoop.isAny()) {
            throw new IllegalStateException(
                    "Another connection's event loop must not wait: ask from a thread of your own.");
        }
        FutureTask<T> task = new FutureTask<>(question);
        loop.execute(task);
        if (loop.isOver()) {
            task.cancel(false);
        }
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new NoAnswerException("the thread that asked was interrupted", e);
        } catch (TimeoutException e) {
            task.cancel(false);
            throw new NoAnswerException("the event loop did not answer within " + PATIENCE_SECONDS + " s", e);
        } catch (CancellationException e) {
            throw new NoAnswerException("the event loop has ended", e);
        } catch (ExecutionException e) {
            throw new NoAnswerException("it failed: " + e.getMessage(), e);
        }
    }
}
