/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How long the waits of this package last. */
public final class Patience {

    /** After so many seconds a wait ends with an {@link AssertionError}: nothing came. */
    public static final int SECONDS = 20;

    private Patience() {}

    /** What a future is completed with, within the limit. */
    static <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + " did not come within " + SECONDS + " seconds.", e);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " did not come: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The test is to end. */
    static AssertionError interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AssertionError("The test was interrupted.", cause);
    }
}
