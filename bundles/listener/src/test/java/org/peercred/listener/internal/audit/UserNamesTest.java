/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.access.AuditEvent;
import org.peercred.access.AuditLog;
import org.peercred.listener.internal.testing.ThisProcess;

/** Whatever the name service does, the audit goes on. */
@Timeout(120)
class UserNamesTest {

    private static final int STRANGERS = 5000;

    /** To wait a moment for each name that can be asked for at a time would take 13 s. */
    static final Duration FAR_LESS_THAN_A_MOMENT_FOR_EACH = Duration.ofSeconds(10);

    private static Users users(LongConsumer beforehand) {
        return new Users() {
            @Override
            public Optional<String> userName(long uid) {
                beforehand.accept(uid);
                return Optional.of("user" + uid);
            }
        };
    }

    /** Those that wait for every answer: this machine may be too busy to give one within a moment. */
    static UserNames patient() {
        long hour = TimeUnit.HOURS.toNanos(1);
        return new UserNames(new Patience(System.nanoTime(), hour, hour));
    }

    private static void waits(CountDownLatch latch, long millis) {
        try {
            assertTrue(!latch.await(millis, TimeUnit.MILLISECONDS) || latch.getCount() == 0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void goesOnWith(LongConsumer service) {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (UserNames names = new UserNames();
                Audit audit = new Audit(names);
                AuditLog.Subscription subscription = audit.follow((event, line) -> lines.add(line))) {
            names.use(users(service));
            for (int i = 0; i < STRANGERS; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 100_000 + i, "x"));
                assertFalse(audit.isBehind());
            }
            Awaitility.await().atMost(FAR_LESS_THAN_A_MOMENT_FOR_EACH).until(() -> lines.size() == STRANGERS);
            assertTrue(subscription != null);
        }
    }

    @Test
    void a_service_that_takes_20_ms_does_not_slow_the_writer() {
        CountDownLatch never = new CountDownLatch(1);
        goesOnWith(uid -> waits(never, 20));
    }

    @Test
    void a_service_that_hangs_for_ever_does_not_stop_the_writer() {
        CountDownLatch end = new CountDownLatch(1);
        try {
            goesOnWith(uid -> waits(end, 50_000));
        } finally {
            end.countDown();
        }
        assertEquals(0, end.getCount());
    }

    @Test
    void the_first_line_of_a_user_has_the_name() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        try (UserNames names = patient();
                Audit audit = new Audit(names);
                AuditLog.Subscription subscription = audit.follow((event, line) -> lines.add(line))) {
            names.use(users(uid -> {}));
            for (int i = 0; i < 20; i++) {
                audit.record(Events.of(AuditEvent.Type.ALLOWED, 1000 + i, "x"));
            }
            Awaitility.await().until(() -> lines.size() == 20);
            assertEquals(
                    20,
                    lines.stream().filter(line -> line.contains(" user=user10")).count());
            assertTrue(subscription != null);
        }
    }

    @Test
    void a_name_that_comes_late_serves_later_lines() {
        CountDownLatch answer = new CountDownLatch(1);
        try (UserNames names = new UserNames()) {
            names.use(users(uid -> waits(answer, 20_000)));
            assertEquals(Optional.empty(), names.of(1001));
            answer.countDown();
            Awaitility.await().until(() -> names.of(1001).isPresent());
        }
    }

    @Test
    void waits_a_moment_in_all_and_then_no_more() {
        CountDownLatch end = new CountDownLatch(1);
        try (UserNames names = new UserNames()) {
            names.use(users(uid -> waits(end, 50_000)));
            long start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                assertEquals(Optional.empty(), names.of(1000 + i));
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(millis < FAR_LESS_THAN_A_MOMENT_FOR_EACH.toMillis(), millis + " ms");
        } finally {
            end.countDown();
        }
    }

    @Test
    void look_ups_that_hang_for_ever_do_not_stop_those_of_others() {
        CountDownLatch end = new CountDownLatch(1);
        try (UserNames names = new UserNames()) {
            names.use(users(uid -> {
                if (uid >= 5000) {
                    waits(end, 50_000);
                }
            }));
            for (int i = 0; i < UserNames.THREADS; i++) {
                assertEquals(Optional.empty(), names.of(5000 + i));
            }
            Awaitility.await().until(() -> names.of(1001).equals(Optional.of("user1001")));
        } finally {
            end.countDown();
        }
    }

    @Test
    void a_name_outlives_a_service_that_fails_and_a_new_service_is_asked_again() {
        NameCache cache = new NameCache();
        cache.put(1, new NameCache.Answer(true, Optional.of("guest")), 0);
        cache.put(2, new NameCache.Answer(true, Optional.empty()), 0);
        long later = TimeUnit.MINUTES.toNanos(1);
        assertTrue(cache.get(1).isFresh(later - 1));
        assertFalse(cache.get(1).isFresh(later));
        cache.put(1, NameCache.Answer.NONE, later);
        assertEquals(Optional.of("guest"), cache.get(1).name());
        assertFalse(cache.get(1).isFresh(later + TimeUnit.SECONDS.toNanos(10)));
        cache.forgetNameless();
        assertNull(cache.get(2));
        assertEquals(Optional.of("guest"), cache.get(1).name());
    }

    @Test
    void keeps_the_names_that_are_used_and_not_those_of_passers_by() {
        NameCache cache = new NameCache();
        for (int i = 0; i < 100_000; i++) {
            cache.put(i, new NameCache.Answer(true, Optional.of("user" + i)), 0);
            assertEquals(Optional.of("user0"), cache.get(0).name());
        }
        assertNull(cache.get(1));
    }

    @Test
    void ends_its_threads() {
        UserNames names = patient();
        names.use(users(uid -> {}));
        assertEquals(Optional.of("user1001"), names.of(1001));
        names.close();
        Awaitility.await().until(() -> ThisProcess.threads("peercred-names").isEmpty());
    }
}
