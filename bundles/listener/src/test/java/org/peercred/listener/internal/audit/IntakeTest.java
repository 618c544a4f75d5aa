/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;

@Timeout(120)
class IntakeTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final Folding folding = new Folding();
    private final Intake intake = folding.intake;

    private static AuditEvent help(long uid) {
        return Events.command(uid, "help", "ok", "it is granted");
    }

    private long written() {
        return folding.lines.stream().mapToLong(Texts::bytes).sum();
    }

    @Test
    void beyond_a_users_size_everything_of_that_user_is_a_line_a_second() {
        intake.sizePerUser(64 << 10);
        for (int i = 0; i < 10_000; i++) {
            folding.take(help(1001), i);
            folding.take(Events.of(AuditEvent.Type.CLOSED, 1001, "x"), i);
        }
        assertTrue(written() < 70 << 10, written() + " bytes");
        folding.lines.clear();
        folding.expire(2 * SECOND);
        assertEquals(2, folding.lines.size());
        for (String line : folding.lines) {
            assertTrue(
                    line.contains(" reason=\"more than 64 KiB of this user's lines in a minute: the rest is counted\""),
                    line);
        }
        assertEquals(1, folding.with("action=command:* result=ok ").size());
    }

    @Test
    void nothing_of_that_goes_uncounted() {
        intake.sizePerUser(64 << 10);
        for (int i = 0; i < 10_000; i++) {
            folding.take(help(1001), i * SECOND / 1000);
        }
        folding.flush(10 * SECOND);
        assertEquals(10_000, folding.sum());
    }

    @Test
    void another_user_is_written_all_the_while_and_the_same_one_in_the_next_minute() {
        intake.sizePerUser(64 << 10);
        for (int i = 0; i < 10_000; i++) {
            folding.take(help(1001), i);
        }
        folding.lines.clear();
        folding.take(help(1002), 10_000);
        assertEquals(1, folding.lines.size());
        folding.take(help(1001), MINUTE);
        folding.lines.clear();
        folding.take(help(1001), MINUTE + MINUTE / 4);
        assertEquals(1, folding.with("reason=\"it is granted\"").size());
    }

    @Test
    void no_minute_has_more_wherever_it_begins() {
        intake.sizePerUser(64 << 10);
        for (long now = 50 * SECOND; now < 70 * SECOND; now += SECOND / 100) {
            folding.take(help(1001), now);
        }
        assertTrue(written() < 80 << 10, written() + " bytes");
    }

    @Test
    void a_line_that_grew_in_writing_counts_as_long_as_it_is() {
        intake.sizePerUser(64 << 10);
        String controls = "\u0001".repeat(512);
        for (int i = 0; i < 100; i++) {
            folding.take(Events.withArguments(1001, "say", "ok", controls), i);
        }
        assertTrue(written() < 70 << 10, written() + " bytes");
    }

    @Test
    void zero_is_no_bound() {
        intake.sizePerUser(0);
        for (int i = 0; i < 30_000; i++) {
            folding.take(help(1001), i);
        }
        assertEquals(30_000, folding.lines.size());
    }

    @Test
    void what_is_handed_out_together_is_counted_one_by_one_and_in_order() {
        intake.sizePerUser(0);
        for (int i = 0; i < 1000; i++) {
            folding.pile(Events.of(AuditEvent.Type.CLOSED, 1001, "number " + i), 0);
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(1000 - i, intake.untold());
            assertTrue(folding.writeOne());
            assertTrue(folding.lines.get(i).endsWith(" reason=\"number " + i + "\""), folding.lines.get(i));
            assertTrue(intake.waiting() >= 1000 - i, intake.waiting() + " wait");
        }
        assertEquals(0, intake.untold());
        assertFalse(intake.hasBatch() || folding.writeOne());
        assertEquals(0, intake.waiting());
        assertEquals(0, intake.weight());
    }

    @Test
    void who_floods_waits_and_nobody_else_does() {
        intake.sizePerUser(0);
        while (!intake.isBehind(1001)) {
            folding.pile(help(1001), 0);
            folding.pile(help(1002), 0);
            folding.pile(help(1001), 0);
        }
        assertFalse(intake.isBehind(1002));
        assertFalse(intake.isBehind(1003));
        assertFalse(intake.isBehind());
        assertTrue(intake.weight() < 2 * Intake.SHARE, "weight " + intake.weight());
        while (intake.weight() > Intake.SHARE / 2) {
            assertTrue(folding.writeOne());
        }
        assertFalse(intake.isBehind(1001));
        folding.write();
        assertEquals(0, intake.weight());
        while (!intake.isBehind(1003)) {
            folding.pile(help(1003), 0);
        }
        assertFalse(intake.isBehind(1001));
        assertFalse(intake.isBehind(1002));
    }

    @Test
    void who_ignores_that_is_counted_before_others_are_and_memory_stays_bounded() {
        intake.sizePerUser(0);
        int sent = 200_000;
        for (int i = 0; i < sent; i++) {
            folding.pile(help(1001), 0);
        }
        assertTrue(intake.isBehind());
        assertTrue(intake.weight() < Intake.FULL + 1000, "weight " + intake.weight());
        folding.pile(Events.of(AuditEvent.Type.ALLOWED, 1002, "an ordinary one"), 0);
        for (int i = 0; i < sent; i++) {
            folding.pile(Events.of(AuditEvent.Type.ALLOWED, 2000 + i % 100, "many"), 0);
        }
        assertTrue(intake.weight() < Intake.OVERFULL + 1000, "weight " + intake.weight());
        folding.flush(1);
        assertEquals(1, folding.with("an ordinary one").size());
        assertTrue(folding.lines.size() < 80_000, "lines " + folding.lines.size());
        String counted = folding.with("more events than can be written: the rest is counted")
                .get(0);
        assertTrue(Lines.count(counted) > 1, counted);
        assertEquals(2L * sent + 1, folding.sum());
    }

    @Test
    void long_texts_are_cut_to_what_the_log_shows_and_weigh_what_they_take() {
        folding.pile(Events.with("x".repeat(100_000), Map.of("key", "y".repeat(100_000))), 0);
        assertTrue(intake.weight() > 2 * 4 * 512 && intake.weight() < 10_000, "weight " + intake.weight());
        folding.write();
        assertTrue(folding.lines.get(0).contains("x\u2026\""), folding.lines.get(0));
    }

    @Test
    void forgets_users_who_have_been_idle_for_a_minute() {
        intake.sizePerUser(1 << 30);
        for (int i = 0; i < 100_000; i++) {
            folding.take(Events.of(AuditEvent.Type.ALLOWED, i, "x"), i);
        }
        assertEquals(Accounts.MOST, intake.users());
        folding.take(Events.of(AuditEvent.Type.ALLOWED, 7, "x"), 2 * MINUTE);
        folding.expire(2 * MINUTE + 15 * SECOND);
        assertEquals(1, intake.users());
    }
}
