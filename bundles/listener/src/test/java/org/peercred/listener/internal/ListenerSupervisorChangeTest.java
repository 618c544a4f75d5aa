/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.UserDatabase;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.ThisProcess;

/** Other settings are taken in place, and drop nobody. */
@Timeout(120)
class ListenerSupervisorChangeTest extends ListenerSupervisorFixture {

    @Test
    void binds_a_new_path_before_it_lets_go_of_the_old_one_and_drops_nobody() throws Exception {
        apply();
        Path next = directory.resolve("b");
        AtomicBoolean done = new AtomicBoolean();
        AtomicBoolean gap = new AtomicBoolean();
        CompletableFuture<Void> watcher = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                // The new one is looked at last: had it been missing after the old one was gone, that would be seen.
                if (!exists(path) && !exists(next)) {
                    gap.set(true);
                }
            }
        });
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            apply("path", next.toString());
            assertEquals("> y", client.ask("y"));
            assertFalse(exists(path));
            try (Client other = Client.connect(next)) {
                assertEquals("> z", other.ask("z"));
            }
            done.set(true);
            watcher.get(60, TimeUnit.SECONDS);
            assertFalse(gap.get());
        }
    }

    @Test
    void a_path_that_cannot_be_bound_changes_nothing_and_is_tried_again() throws Exception {
        apply("mode", "0600");
        Path blocked = Files.writeString(directory.resolve("b"), "in the way");
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            apply("path", blocked.toString(), "mode", "0666", "max.connections", "1", "denied.message", "other");
            assertEquals(
                    blocked + " exists and is no socket",
                    control.report().problem().orElseThrow());
            assertEquals(path.toString(), control.report().path());
            assertEquals("> y", client.ask("y"));
            assertEquals(0600, mode(path));
            try (Client other = Client.connect(path)) {
                assertEquals("> z", other.ask("z"));
            }
            Files.delete(blocked);
            Awaitility.await().until(() -> exists(blocked));
            Awaitility.await().until(() -> !exists(path));
            Awaitility.await().until(() -> control.report().problem().isEmpty());
            assertEquals("> still here", client.ask("still here"));
        }
    }

    @Test
    void going_back_to_the_old_configuration_ends_the_trouble() throws Exception {
        apply();
        Files.writeString(directory.resolve("b"), "in the way");
        apply("path", directory.resolve("b").toString());
        assertTrue(control.report().problem().isPresent());
        apply();
        assertEquals(Optional.empty(), control.report().problem());
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
        }
    }

    @Test
    void the_same_settings_again_change_nothing() throws Exception {
        apply();
        Object inode = attribute(path, "ino");
        Object changed = attribute(path, "ctime");
        for (int i = 0; i < 5; i++) {
            apply();
        }
        assertEquals(inode, attribute(path, "ino"));
        assertEquals(changed, attribute(path, "ctime"));
    }

    @Test
    void any_setting_can_change_without_dropping_anybody() throws Exception {
        apply();
        try (Client client = Client.connect(path)) {
            assertEquals("> 0", client.ask("0"));
            String[][] changes = {
                {"mode", "0666"},
                {"denied.message", "no"},
                {"required.policies", "owner"},
                {"max.connections", "1"},
                {"max.connections.per.uid", "1"},
                {"max.line.length", "100"},
                {"idle.timeout", "1 h"},
                {"write.buffer", "1 KiB"},
                {"backlog", "1"},
                {"peer.exit", "close"},
                {"stale", "fail"},
                {"path", directory.resolve("c").toString()},
                {"name", "other"}
            };
            for (String[] change : changes) {
                apply(change);
                assertEquals("> " + change[0], client.ask(change[0]));
            }
        }
    }

    @Test
    void other_numbers_of_loops_drop_nobody_and_use_all_loops() throws Exception {
        apply();
        List<Client> clients = new ArrayList<>();
        try {
            for (String loops : List.of("1", "4", "1", "2")) {
                engine.modified(Map.of("loops", loops));
                int expected = Integer.parseInt(loops);
                Awaitility.await().until(() -> engine.workers().size() == expected);
                CompletableFuture<Void> applied = new CompletableFuture<>();
                engine.later(() -> applied.complete(null), 0);
                applied.get(60, TimeUnit.SECONDS);
                for (int i = 0; i < 8; i++) {
                    clients.add(Client.connect(path));
                }
                for (Client client : clients) {
                    assertEquals("> " + loops, client.ask(loops));
                }
            }
            assertEquals(clients.size(), control.report().counters().open());
            assertTrue(ThisProcess.threads("peercred-loop").size() <= 4);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
        Awaitility.await().until(() -> control.report().counters().open() == 0);
    }

    @Test
    void a_bad_engine_configuration_changes_nothing() throws Exception {
        apply();
        for (String bad : List.of("0", "65", "many", "-1")) {
            engine.modified(Map.of("loops", bad));
            assertEquals(1, engine.workers().size());
        }
        engine.modified(Map.of("spin", "sometimes", "loops", "3"));
        assertEquals(1, engine.workers().size());
    }

    @Test
    void a_slow_name_service_holds_up_neither_a_policy_change_nor_a_service() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        engine.bindUsers(new SlowUsers(asked, answer));
        apply();
        CompletableFuture<Void> applying;
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            applying = CompletableFuture.runAsync(() -> quietly("owner", "somebody"));
            assertTrue(asked.await(60, TimeUnit.SECONDS));
            access.denyAll();
            CompletableFuture<Void> change = CompletableFuture.runAsync(control::recheck);
            change.get(60, TimeUnit.SECONDS);
            assertEquals("Unauthorized access\n", client.restText());
            CompletableFuture<String> report =
                    CompletableFuture.supplyAsync(() -> control.report().path());
            assertEquals(path.toString(), report.get(60, TimeUnit.SECONDS));
            CompletableFuture<Void> rejecting = CompletableFuture.runAsync(() -> control.rejected("test", ""));
            rejecting.get(60, TimeUnit.SECONDS);
            CompletableFuture<Void> use = CompletableFuture.runAsync(() -> control.use(Collaborators.NONE));
            use.get(60, TimeUnit.SECONDS);
        } finally {
            answer.countDown();
        }
        applying.get(60, TimeUnit.SECONDS);
    }

    @Test
    void is_the_same_listener_all_its_life() throws Exception {
        apply();
        var listener = control.listener().orElseThrow();
        apply("path", directory.resolve("b").toString(), "mode", "0666");
        assertSame(listener, control.listener().orElseThrow());
    }

    private void quietly(String... keysAndValues) {
        try {
            apply(keysAndValues);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A name service that takes its time. */
    private record SlowUsers(CountDownLatch asked, CountDownLatch answer) implements UserDatabase {

        @Override
        public OptionalLong uid(String name) {
            asked.countDown();
            try {
                assertTrue(answer.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return OptionalLong.empty();
        }

        @Override
        public OptionalLong gid(String name) {
            return OptionalLong.empty();
        }

        @Override
        public Optional<String> userName(long uid) {
            return Optional.empty();
        }

        @Override
        public Optional<String> groupName(long gid) {
            return Optional.empty();
        }
    }
}
