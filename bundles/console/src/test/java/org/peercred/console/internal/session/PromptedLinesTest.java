/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.console.internal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PromptedLinesTest {

    private final List<String> recorded = new ArrayList<>();
    private final PromptedLines lines =
            new PromptedLines(line -> outcome -> recorded.add(line + "=" + outcome.result() + outcome.reason()));

    @Test
    void what_is_typed_is_recorded_and_what_runs_before_the_first_prompt_is_not() {
        runs("script");
        lines.prompted();
        runs("one");
        lines.prompted();
        lines.prompted();
        runs("two");
        assertEquals(List.of("one=ok", "two=ok"), recorded);
    }

    @Test
    void scripts_that_a_line_runs_were_not_typed() {
        lines.prompted();
        lines.before("source");
        runs("script");
        lines.after("source", Outcome.OK);
        assertEquals(List.of("source=ok"), recorded);
    }

    @Test
    void what_commands_run_on_threads_of_their_own_was_not_typed() throws Exception {
        lines.prompted();
        lines.before("watch date");
        CompletableFuture.runAsync(() -> {
                    lines.prompted();
                    runs("date");
                })
                .get(60, TimeUnit.SECONDS);
        lines.after("watch date", Outcome.OK);
        assertEquals(List.of("watch date=ok"), recorded);
    }

    /** An Error leaves no word of its end. */
    @Test
    void a_line_of_whose_end_nobody_tells_is_recorded_and_so_are_the_next() {
        lines.prompted();
        lines.before("deep");
        lines.before("deeper");
        lines.prompted();
        runs("next");
        lines.prompted();
        lines.before("last");
        lines.prompted();
        assertEquals(List.of("deep=errorit did not end", "next=ok", "last=errorit did not end"), recorded);
    }

    private void runs(String line) {
        lines.before(line);
        lines.after(line, Outcome.OK);
    }
}
