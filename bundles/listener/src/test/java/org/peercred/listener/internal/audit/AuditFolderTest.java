/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;

@Timeout(30)
class AuditFolderTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Pattern COUNT = Pattern.compile(" count=(\\d+)$");

    private final List<String> lines = new ArrayList<>();
    private final AuditFolder folder = new AuditFolder(new UserNames(), (event, line) -> lines.add(line));

    @Test
    void writes_the_first_refusal_at_once_and_the_rest_of_its_second_in_one_line() {
        for (int i = 0; i < 100; i++) {
            folder.take(Events.denied(1001, "owner", "no"), i);
        }
        assertEquals(1, lines.size());
        folder.expire(SECOND - 1);
        assertEquals(1, lines.size());
        folder.expire(SECOND);
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).endsWith(" count=99"), lines.get(1));
        assertEquals(100, sum());
    }

    @Test
    void writes_one_line_a_second_for_a_user_who_goes_on() {
        long end = 10 * SECOND;
        int refusals = 0;
        for (long now = 0; now < end; now += SECOND / 1000) {
            folder.take(Events.denied(1001, "owner", "no"), now);
            refusals++;
        }
        folder.flush();
        assertTrue(lines.size() <= 12, "lines " + lines.size());
        assertEquals(refusals, sum());
    }

    @Test
    void keeps_users_listeners_policies_and_kinds_apart() {
        for (int i = 0; i < 3; i++) {
            folder.take(Events.denied(1001, "owner", "no"), i);
            folder.take(Events.denied(1002, "owner", "no"), i);
            folder.take(Events.denied(1001, "uid~team", "no"), i);
            folder.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Too many connections"), i);
        }
        assertEquals(4, lines.size());
        folder.flush();
        assertEquals(8, lines.size());
        assertEquals(12, sum());
    }

    @Test
    void does_not_count_one_limit_as_another() {
        folder.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Too many connections"), 0);
        folder.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Line too long"), 1);
        folder.take(Events.of(AuditEvent.Type.LIMITED, 1001, "Line too long"), 2);
        folder.flush();
        assertEquals(1, lines.stream().filter(line -> line.contains("Too many")).count());
        assertEquals(2, lines.stream().filter(line -> line.contains("too long")).count());
    }

    @Test
    void folds_only_refusals() {
        for (AuditEvent.Type type : AuditEvent.Type.values()) {
            if (type != AuditEvent.Type.DENIED && type != AuditEvent.Type.LIMITED) {
                lines.clear();
                folder.take(Events.of(type, 1, "x"), 0);
                folder.take(Events.of(type, 1, "x"), 0);
                assertEquals(2, lines.size(), type.toString());
                assertTrue(folder.isEmpty());
            }
        }
    }

    @Test
    void loses_none_of_many_users_at_random_times() {
        Random random = new Random(7);
        long now = 0;
        int refusals = 20_000;
        for (int i = 0; i < refusals; i++) {
            now += random.nextInt(2_000_000);
            folder.take(Events.denied(random.nextInt(50), "owner", "no"), now);
            if (random.nextInt(100) == 0) {
                folder.expire(now);
            }
        }
        folder.flush();
        assertEquals(refusals, sum());
        assertTrue(folder.isEmpty());
    }

    @Test
    void forgets_who_has_stopped() {
        folder.take(Events.denied(1001, "owner", "no"), 0);
        folder.expire(SECOND);
        assertTrue(folder.isEmpty());
        folder.take(Events.denied(1001, "owner", "no"), 2 * SECOND);
        assertEquals(2, lines.size());
    }

    private long sum() {
        long sum = 0;
        for (String line : lines) {
            Matcher matcher = COUNT.matcher(line);
            sum += matcher.find() ? Long.parseLong(matcher.group(1)) : 1;
        }
        return sum;
    }
}
