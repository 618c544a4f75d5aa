/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.common.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FailureTest {

    private static RuntimeException thrownBy(Runnable culprit) {
        try {
            culprit.run();
        } catch (RuntimeException e) {
            return e;
        }
        throw new AssertionError("Nothing was thrown.");
    }

    private static final class Careless implements Runnable {

        @Override
        public void run() {
            Objects.requireNonNull(null, "nothing there");
        }
    }

    @Test
    void names_the_class_that_was_called_and_its_own_first_frame_not_the_jdks() {
        String text = Failure.of(new Careless(), thrownBy(new Careless()));
        assertTrue(
                text.matches(
                        "org\\.peercred\\.common\\.text\\.FailureTest\\$Careless: "
                                + "java\\.lang\\.NullPointerException: nothing there, "
                                + "at org\\.peercred\\.common\\.text\\.FailureTest\\$Careless\\.run\\(FailureTest\\.java:\\d+\\)"),
                text);
    }

    @Test
    void a_lambda_is_named_by_the_class_that_it_stands_in() {
        Runnable lambda = () -> {
            throw new IllegalStateException("broken");
        };
        String text = Failure.of(lambda, thrownBy(lambda));
        assertTrue(
                text.startsWith("org.peercred.common.text.FailureTest: java.lang.IllegalStateException: broken, at "),
                text);
    }

    @Test
    void the_frame_of_a_library_stands_in_for_one_of_its_own() {
        RuntimeException thrown = new IllegalStateException("broken");
        thrown.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("java.util.List", "of", "List.java", 1),
            new StackTraceElement("org.example.Library", "call", null, -1),
            new StackTraceElement("org.example.Other", "call", "Other.java", 2)
        });
        assertEquals(
                "org.peercred.common.text.FailureTest$Careless: java.lang.IllegalStateException: broken,"
                        + " at org.example.Library.call(unknown)",
                Failure.of(new Careless(), thrown));
    }

    @Test
    void without_a_stack_trace_there_is_no_place() {
        RuntimeException thrown = new IllegalStateException("broken");
        thrown.setStackTrace(new StackTraceElement[0]);
        assertEquals(
                "org.peercred.common.text.FailureTest$Careless: java.lang.IllegalStateException: broken",
                Failure.of(new Careless(), thrown));
    }

    @Test
    void what_it_says_cannot_forge_a_line() {
        String text = Failure.of(new Careless(), new IllegalStateException("x\nforged \u202e"));
        assertTrue(text.contains(": x forged ?"), text);
    }
}
