/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;

@Timeout(120)
class FoldsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Folding folding = new Folding();
    private final List<String> lines = folding.lines;

    @Test
    void writes_the_first_refusal_at_once_and_the_rest_of_its_second_in_one_line() {
        for (int i = 0; i < 100; i++) {
            folding.take(Events.denied(1001, "owner", "no"), i);
        }
        assertEquals(1, lines.size());
        folding.expire(SECOND - 1);
        assertEquals(1, lines.size());
        folding.expire(SECOND);
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).endsWith(" count=99"), lines.get(1));
        assertEquals(100, folding.sum());
    }

    @Test
    void writes_one_line_a_second_for_a_user_who_goes_on() {
        long end = 10 * SECOND;
        int refusals = 0;
        for (long now = 0; now < end; now += SECOND / 1000) {
            folding.take(Events.denied(1001, "owner", "no"), now);
            refusals++;
        }
        folding.flush(end);
        assertTrue(lines.size() <= 12, "lines " + lines.size());
        assertEquals(refusals, folding.sum());
    }

    @Test
    void keeps_users_listeners_policies_and_kinds_apart() {
        for (int i = 0; i < 3; i++) {
            folding.take(Events.denied(1001, "owner", "no"), i);
            folding.take(Events.denied(1002, "owner", "no"), i);
            folding.take(Events.denied(1001, "uid~team", "no"), i);
            folding.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Too many connections"), i);
        }
        assertEquals(4, lines.size());
        folding.flush(3);
        assertEquals(8, lines.size());
        assertEquals(12, folding.sum());
    }

    @Test
    void takes_nobody_for_somebody_else_however_many_there_are() {
        long[] users = new Random(7).longs(250, 0, 1L << 32).toArray();
        for (int i = 0; i < 3; i++) {
            for (long user : users) {
                folding.take(Events.denied(user, "owner", "no"), i);
            }
        }
        folding.flush(SECOND);
        for (long user : users) {
            assertEquals(3, Lines.count(folding.with(" uid=" + user + " ")), "user " + user);
        }
    }

    @Test
    void does_not_count_one_limit_as_another() {
        folding.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Too many connections"), 0);
        folding.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Line too long"), 1);
        folding.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Line too long"), 2);
        folding.flush(3);
        assertEquals(
                List.of(1L), folding.with("Too many").stream().map(Lines::count).toList());
        assertEquals(
                List.of(2L), folding.with("too long").stream().map(Lines::count).toList());
    }

    @Test
    void folds_only_refusals() {
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            if (type != AuditEvent.Type.DENIED && type != AuditEvent.Type.LIMITED) {
                lines.clear();
                folding.take(Events.of(type, 1, "x"), 0);
                folding.take(Events.of(type, 1, "x"), 0);
                assertEquals(2, lines.size(), type.toString());
                assertTrue(folding.intake.isIdle());
            }
        }
    }

    @Test
    void folds_commands_that_got_nothing_and_no_others() {
        for (String result : List.of("denied", "unknown", "ok", "error")) {
            lines.clear();
            for (int i = 0; i < 10; i++) {
                folding.take(Events.command(1001, "x", result, "why"), 0);
            }
            boolean folds = result.equals("denied") || result.equals("unknown");
            assertEquals(folds ? 1 : 10, lines.size(), result);
        }
        lines.clear();
        for (int i = 0; i < 10; i++) {
            folding.take(Events.command(1001, "", "error", "the line is no UTF-8 text"), 0);
        }
        assertEquals(1, lines.size(), "a line that is no command at all");
    }

    @Test
    void counts_each_command_by_itself_and_shows_no_arguments_of_one_for_all() {
        for (int i = 0; i < 5; i++) {
            folding.take(Events.command(1001, "view", "denied", "no"), 0);
            folding.take(Events.withArguments(1001, "update", "denied", "argument" + i), 0);
        }
        folding.flush(1);
        assertEquals(5, Lines.count(folding.with("action=command:view ")));
        assertEquals(5, Lines.count(folding.with("action=command:update ")));
        assertTrue(
                folding.with("argument").stream().allMatch(line -> Lines.count(line) == 1),
                folding.with("argument").toString());
        assertEquals(List.of(), folding.with("argument4"));
        assertEquals(10, Lines.count(folding.with(" result=denied ")));
    }

    @Test
    void writes_a_single_refusal_for_another_reason_as_it_was() {
        folding.take(Events.command(1001, "view", "denied", "no"), 0);
        folding.take(Events.withArguments(1001, "update", "denied", "the text"), 1);
        folding.expire(SECOND);
        assertTrue(lines.get(1).contains("action=command:update "), lines.get(1));
        assertTrue(lines.get(1).contains(" args=\"the text\" "), lines.get(1));
        assertTrue(lines.get(1).endsWith(" reason=no"), lines.get(1));
    }

    @Test
    void tells_eight_reasons_apart_and_says_so_of_the_others() {
        for (int i = 0; i < 200; i++) {
            folding.take(Events.denied(1001, "executable~x", "program" + i % 20 + " is not listed"), i);
        }
        folding.expire(SECOND);
        assertEquals(10, lines.size());
        // The first was written at once, and the eight that came next have a line each.
        for (int program = 1; program <= 8; program++) {
            assertEquals(10, Lines.count(folding.with("\"program" + program + " ")), "program " + program);
        }
        String others = lines.get(9);
        assertTrue(
                others.endsWith(" reason=\"others, the latest: program19 is not listed\" count=119 reasons=8+"),
                others);
        assertEquals(200, folding.sum());
    }

    @Test
    void others_that_happened_once_say_so_too() {
        for (int i = 0; i < 10; i++) {
            folding.take(Events.denied(1001, "executable~x", "program" + i), i);
        }
        folding.expire(SECOND);
        String others = lines.get(lines.size() - 1);
        assertTrue(others.endsWith(" count=1 reasons=8+"), others);
    }

    @Test
    void an_unknown_command_of_many_names_is_some_lines() {
        for (int i = 0; i < 10_000; i++) {
            folding.take(Events.command(1001, "x" + i, "unknown", "there is no such command"), 0);
        }
        folding.expire(SECOND);
        assertEquals(10, lines.size());
        assertTrue(lines.get(9).contains(" action=command:* "), lines.get(9));
        assertEquals(10_000, folding.sum());
    }

    @Test
    void counts_all_users_of_a_namespace_together_beyond_so_many() {
        int users = 65_536;
        for (int i = 0; i < 3 * users; i++) {
            folding.take(Events.denied(100_000 + i % users, "owner", "no"), 0);
        }
        folding.flush(1);
        assertTrue(lines.size() <= 2 * Folds.MOST + 1, "lines " + lines.size());
        List<String> crowd = folding.with("events of more users, listeners and policies than are counted apart");
        assertEquals(1, crowd.size());
        assertTrue(
                crowd.get(0).startsWith("event=denied listener=* connection=0 uid=4294967295 user=- "), crowd.get(0));
        assertEquals(3L * users, folding.sum());
    }

    @Test
    void nobody_is_lost_in_a_crowd_that_has_just_gone() {
        for (int i = 0; i < 10_000; i++) {
            folding.take(Events.denied(100_000 + i, "owner", "no"), i * 1000L);
        }
        long strayed = folding.with("uid=109999 ").size();
        folding.take(Events.denied(1001, "owner", "no"), SECOND / 20);
        assertEquals(0, strayed);
        assertEquals(1, folding.with("uid=1001 ").size());
        folding.flush(SECOND / 20);
        assertEquals(10_001, folding.sum());
    }

    @Test
    void loses_none_of_many_users_at_random_times() {
        Random random = new Random(7);
        long now = 0;
        int refusals = 20_000;
        for (int i = 0; i < refusals; i++) {
            now += random.nextInt(2_000_000);
            folding.take(Events.denied(random.nextInt(50), "owner", "no"), now);
            if (random.nextInt(100) == 0) {
                folding.expire(now);
            }
        }
        folding.flush(now);
        assertEquals(refusals, folding.sum());
        assertTrue(folding.intake.isIdle());
    }

    @Test
    void forgets_who_has_stopped() {
        folding.take(Events.denied(1001, "owner", "no"), 0);
        folding.expire(SECOND);
        assertTrue(folding.intake.isIdle());
        folding.take(Events.denied(1001, "owner", "no"), 2 * SECOND);
        assertEquals(2, lines.size());
    }

    @Test
    void what_is_folded_takes_no_room_in_the_queue() {
        folding.pile(Events.denied(1001, "owner", "no"), 0);
        long weight = folding.intake.weight();
        for (int i = 0; i < 100_000; i++) {
            folding.pile(Events.denied(1001, "owner", "no"), 0);
        }
        assertEquals(weight, folding.intake.weight());
        assertEquals(1, folding.intake.waiting());
    }
}
