/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.AccessController;
import java.security.Principal;
import java.security.PrivilegedExceptionAction;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@SuppressWarnings("removal")
class ThreadsTest {

    private record Operator(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static final Subject OPERATOR = new Subject(true, Set.of(new Operator("karaf")), Set.of(), Set.of());

    private static Optional<Subject> subjectIn(BiFunction<Runnable, String, Thread> factory) throws Exception {
        CompletableFuture<Optional<Subject>> seen = new CompletableFuture<>();
        Subject.doAs(OPERATOR, (PrivilegedExceptionAction<Void>) () -> {
            factory.apply(
                            () -> seen.complete(Optional.ofNullable(Subject.getSubject(AccessController.getContext()))),
                            "test")
                    .start();
            return null;
        });
        return seen.get(60, TimeUnit.SECONDS);
    }

    @Test
    void a_thread_that_an_operator_causes_does_not_run_as_that_operator() throws Exception {
        assertEquals(Optional.of(OPERATOR), subjectIn(Thread::new), "else this test cannot see anything");
        assertEquals(Optional.empty(), subjectIn(Threads::daemon));
    }

    @Test
    void is_a_daemon_with_a_name() {
        Thread thread = Threads.daemon(() -> {}, "somebody");
        assertTrue(thread.isDaemon());
        assertEquals("somebody", thread.getName());
    }
}
