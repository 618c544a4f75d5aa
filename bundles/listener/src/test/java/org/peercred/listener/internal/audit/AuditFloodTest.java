/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;

/** What somebody can do to the audit who sends as fast as the machine allows. */
@Timeout(120)
class AuditFloodTest {

    /** The last event, of a user of its own. */
    private static final String END = "the end of the flood";

    private static List<String> written(Consumer<Audit> work) {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        UserNames names = new UserNames();
        Audit audit = new Audit(names);
        audit.follow((event, line) -> lines.add(line));
        try {
            work.accept(audit);
            // What is closed writes what is there, but does not wait for that for ever.
            audit.record(Events.of(AuditEvent.Type.ALLOWED, 4_000, END));
            Awaitility.await().until(() -> lines.stream().anyMatch(line -> line.contains(END)));
        } finally {
            audit.close();
            names.close();
        }
        return lines.stream().filter(line -> !line.contains(END)).toList();
    }

    @Test
    void commands_that_do_not_exist_are_a_line_a_second() {
        int sent = 200_000;
        List<String> lines = written(audit -> {
            for (int i = 0; i < sent; i++) {
                audit.record(Events.command(1001, "x", "unknown", "there is no such command"));
            }
        });
        assertTrue(lines.size() <= 20, lines.size() + " lines");
        assertEquals(sent, Lines.count(lines));
    }

    @Test
    void refusals_of_six_programs_are_six_lines() {
        List<String> lines = written(audit -> {
            for (int i = 0; i < 60; i++) {
                audit.record(Events.denied(1001, "executable~x", "/usr/bin/program" + i % 6 + " is not listed"));
            }
        });
        for (int program = 0; program < 6; program++) {
            String name = "program" + program + " ";
            assertEquals(
                    10,
                    Lines.count(
                            lines.stream().filter(line -> line.contains(name)).toList()),
                    name);
        }
        assertEquals(60, Lines.count(lines));
    }

    @Test
    void one_user_writes_so_much_a_minute_and_the_rest_is_counted() {
        int sent = 100_000;
        List<String> lines = written(audit -> {
            for (int i = 0; i < sent; i++) {
                if (audit.isBehind()) {
                    Awaitility.await().until(() -> !audit.isBehind());
                }
                audit.record(Events.command(1001, "help", "ok", "it is granted"));
            }
        });
        long bytes = lines.stream().mapToLong(String::length).sum();
        assertTrue(bytes < 5 << 20, bytes + " bytes");
        assertTrue(
                lines.get(lines.size() - 1).contains("more than 4 MiB of this user's lines in a minute"),
                lines.get(lines.size() - 1));
        assertEquals(sent, Lines.count(lines));
    }
}
