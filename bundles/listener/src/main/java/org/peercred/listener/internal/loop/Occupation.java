/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.loop;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.peercred.common.text.ForeignText;

/**
 * Whose turn it is on a loop, for who wants to know why a turn does not end. The loop notes it without a fence: a turn that takes seconds is
 * seen by others all the same.
 */
final class Occupation {

    private static final List<String> OWN =
            List.of("java.", "javax.", "jdk.", "sun.", "jnr.", "com.kenai.jffi.", "org.peercred.listener.internal.");

    private final AtomicReference<Source> serving = new AtomicReference<>();

    /** A turn begins, perhaps within another one; returns whose that is, or {@code null}. Called by the loop. */
    Source begin(Source source) {
        Source outer = serving.getPlain();
        serving.lazySet(source);
        return outer;
    }

    /** A turn has ended; it is that of the other one again, if there is one. Called by the loop. */
    void end(Source outer) {
        serving.lazySet(outer);
    }

    /** Whose turn it is, and where a thread is in code of others. May be called by any thread. */
    String of(Thread thread) {
        Source source = serving.get();
        return ForeignText.escape((source == null ? "a task of its own" : source.what()) + place(thread));
    }

    private static String place(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .filter(frame -> OWN.stream().noneMatch(frame.getClassName()::startsWith))
                .findFirst()
                .map(frame ->
                        ", in " + frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("");
    }
}
