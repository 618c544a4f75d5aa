/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.UserDatabase;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.audit.Audit;
import org.peercred.listener.internal.engine.Collaborators;
import org.peercred.listener.internal.lines.LineOffer;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.FakeAccess;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.Server;
import org.peercred.listener.internal.testing.Temporary;
import org.peercred.listener.internal.testing.ThisProcess;

@Timeout(120)
class ListenerSupervisorTest {

    private final FakeAccess access = new FakeAccess();
    private final Audit audit = new Audit();
    private final EngineComponent engine = new EngineComponent(audit);
    private final ListenerSupervisor control = new ListenerSupervisor(engine, () -> {}, List::of);
    private Path directory;
    private Path path;

    @BeforeEach
    void start() throws IOException {
        directory = Temporary.directory();
        path = directory.resolve("a");
        engine.activate(Map.of());
        engine.add(control);
        control.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
    }

    @AfterEach
    void stop() throws IOException {
        control.close();
        engine.deactivate();
        audit.close();
        Temporary.delete(directory);
    }

    @Test
    void opens_the_socket_and_closes_it_again_without_a_trace() throws Exception {
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        apply();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            control.close();
            assertEquals("", client.restText());
        }
        assertFalse(exists(path));
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void stopping_the_engine_leaves_no_thread_and_no_descriptor() throws Exception {
        control.close();
        engine.deactivate();
        int descriptors = ThisProcess.descriptors();
        for (int i = 0; i < 20; i++) {
            EngineComponent another = new EngineComponent(audit);
            another.activate(Map.of("loops", "3"));
            ListenerSupervisor its = new ListenerSupervisor(another, () -> {}, List::of);
            its.use(new Collaborators(
                    Optional.of(RealCredentials.provider()),
                    Optional.of(access),
                    Optional.empty(),
                    List.of(new LineOffer(Server.ECHO))));
            its.apply(settings("path", path.toString()));
            try (Client client = Client.connect(path)) {
                assertEquals("> x", client.ask("x"));
                its.close();
                another.deactivate();
            }
        }
        Awaitility.await().until(() -> ThisProcess.threads("peercred-l").isEmpty());
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void a_socket_file_that_was_deleted_is_made_anew_and_who_is_connected_notices_nothing() throws Exception {
        apply();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            assertEquals(Optional.empty(), control.report().problem());
            Files.delete(path);
            Optional<String> problem = control.report().problem();
            // Made anew it may be at once: whoever looks every 5 s may look now.
            assertTrue(
                    exists(path)
                            || problem.equals(Optional.of(path + " is gone or another's; it is made anew within 5 s")),
                    problem.toString());
            Awaitility.await().until(() -> exists(path));
            Awaitility.await().until(() -> control.report().problem().isEmpty());
            assertEquals("> y", client.ask("y"));
            try (Client late = Client.connect(path)) {
                assertEquals("> z", late.ask("z"));
            }
        }
    }

    @Test
    void what_took_the_place_of_a_socket_file_is_left_alone_and_told() throws Exception {
        apply();
        Path mine = Files.writeString(directory.resolve("mine"), "mine");
        Files.move(mine, path, StandardCopyOption.ATOMIC_MOVE);
        Awaitility.await().until(() -> control.report().problem().isPresent());
        assertEquals("mine", Files.readString(path));
    }

    @Test
    void goes_on_trying_after_an_error_of_any_kind() throws Exception {
        AtomicBoolean failing = new AtomicBoolean(true);
        ListenerSupervisor its = new ListenerSupervisor(
                engine,
                () -> {
                    if (failing.getAndSet(false)) {
                        throw new OutOfMemoryError("injected");
                    }
                },
                List::of);
        its.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(Server.ECHO))));
        try {
            its.apply(settings("path", path.toString()));
            assertEquals(
                    Optional.of("an internal error: java.lang.OutOfMemoryError: injected"),
                    its.report().problem());
            Awaitility.await().until(() -> its.report().problem().isEmpty());
        } finally {
            its.close();
        }
    }

    @Test
    void delivers_the_replies_that_are_due_before_it_stops() throws Exception {
        byte[] reply = new byte[4 << 20];
        control.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(connection -> (line, replies) -> replies.put(reply)))));
        apply();
        try (Client client = Client.connect(path)) {
            client.send("x\n");
            assertEquals(1, client.readOnce(ByteBuffer.allocate(1)));
            control.close();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(engine::deactivate);
            assertEquals(reply.length - 1, client.rest().length);
            stopping.get(60, TimeUnit.SECONDS);
        }
    }

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
    void applies_mode_owner_and_group_in_place() throws Exception {
        ThisProcess.needsRoot("chown");
        engine.bindUsers(RealCredentials.users());
        apply("mode", "0600");
        Object inode = attribute(path, "ino");
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            apply("mode", "0660", "owner", "nobody", "group", "2002");
            assertEquals(0660, mode(path));
            assertEquals(65534, attribute(path, "uid"));
            assertEquals(2002, attribute(path, "gid"));
            apply("mode", "0640");
            assertEquals(0640, mode(path));
            assertEquals(0, attribute(path, "uid"));
            assertEquals(0, attribute(path, "gid"));
            assertEquals(inode, attribute(path, "ino"));
            assertEquals("> y", client.ask("y"));
        }
    }

    @Test
    void takes_large_ids_and_refuses_the_one_that_means_nobody() throws Exception {
        ThisProcess.needsRoot("chown");
        apply("owner", "1677201104", "group", "4294967294");
        assertEquals(1677201104, attribute(path, "uid"));
        assertEquals(-2, attribute(path, "gid"));
        assertThrows(ConfigException.class, () -> apply("owner", "4294967295"));
        assertEquals(1677201104, attribute(path, "uid"));
    }

    @Test
    void waits_for_a_user_that_cannot_be_resolved_and_says_so() throws Exception {
        apply("owner", "nobody");
        assertFalse(exists(path));
        assertEquals(
                "owner = nobody cannot be resolved while the user database is missing",
                control.report().problem().orElseThrow());
        engine.bindUsers(RealCredentials.users());
        apply("owner", "no-such-user-here");
        assertEquals(
                "owner = no-such-user-here: there is no such user",
                control.report().problem().orElseThrow());
        apply();
        assertTrue(exists(path));
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
    void comes_back_where_its_file_was_removed_when_it_is_configured_anew() throws Exception {
        apply();
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
            Files.delete(path);
            apply("max.connections", "50");
            assertTrue(exists(path));
            try (Client other = Client.connect(path)) {
                assertEquals("> y", other.ask("y"));
            }
            assertEquals("> z", client.ask("z"));
        }
    }

    @Test
    void two_listeners_on_one_path_do_not_fight() throws Exception {
        apply();
        ListenerSupervisor second = new ListenerSupervisor(engine, () -> {}, List::of);
        second.apply(settings("path", path.toString(), "name", "second"));
        assertEquals(
                "this Karaf itself is listening on " + path + ", by its listener test",
                second.report().problem().orElseThrow());
        second.close();
        assertTrue(exists(path));
        try (Client client = Client.connect(path)) {
            assertEquals("> x", client.ask("x"));
        }
    }

    @Test
    void tells_which_program_of_which_user_holds_the_path() throws Exception {
        ThisProcess.needsRoot("a program of another user");
        audit.bindUsers(RealCredentials.users());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Python other = Python.runAs(
                65534,
                path,
                "s = socket.socket(socket.AF_UNIX); s.bind(path); s.listen(5); print('ready'); sys.stdin.read()")) {
            assertEquals("ready", other.line());
            apply();
            String expected = "another program is listening on " + path + ": process " + other.pid()
                    + " \\(python3[.\\d]*\\) of user 65534 \\(nobody\\)";
            // Nobody waits for a name service: the name may be known only at the next try.
            Awaitility.await()
                    .until(() -> control.report().problem().orElseThrow().matches(expected));
        }
    }

    @Test
    void a_service_that_blocks_its_loop_does_not_keep_the_listener_from_closing() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        control.use(new Collaborators(
                Optional.of(RealCredentials.provider()),
                Optional.of(access),
                Optional.empty(),
                List.of(new LineOffer(connection -> (line, replies) -> {
                    blocked.countDown();
                    try {
                        assertTrue(release.await(60, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))));
        engine.later(() -> {}, 0);
        int descriptors = ThisProcess.descriptors();
        apply();
        try (Client client = Client.connect(path)) {
            client.send("x\n");
            assertTrue(blocked.await(60, TimeUnit.SECONDS));
            control.close();
            assertFalse(exists(path));
            release.countDown();
            assertEquals("", client.restText());
        }
        ThisProcess.awaitDescriptors(descriptors);
    }

    @Test
    void is_the_same_listener_all_its_life() throws Exception {
        apply();
        var listener = control.listener().orElseThrow();
        apply("path", directory.resolve("b").toString(), "mode", "0666");
        assertSame(listener, control.listener().orElseThrow());
    }

    @Test
    void nothing_happens_any_more_once_it_is_closed() throws Exception {
        apply();
        control.close();
        apply("mode", "0666");
        assertFalse(exists(path));
        assertThrows(IOException.class, () -> Client.connect(path));
    }

    private void apply(String... keysAndValues) throws ConfigException {
        control.apply(settings(keysAndValues));
    }

    private void quietly(String... keysAndValues) {
        try {
            apply(keysAndValues);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private ListenerSettings settings(String... keysAndValues) throws ConfigException {
        Map<String, String> keys = new HashMap<>(Map.of("path", path.toString(), "name", "test"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            keys.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Server.settings(keys);
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static int mode(Path file) throws IOException {
        return (int) attribute(file, "mode") & 07777;
    }

    private static Object attribute(Path file, String name) throws IOException {
        return Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
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
