/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.listener.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.common.config.ConfigException;
import org.peercred.credentials.internal.RealCredentials;
import org.peercred.listener.internal.testing.Client;
import org.peercred.listener.internal.testing.Python;
import org.peercred.listener.internal.testing.ThisProcess;

/** The file of a socket: whose it is, who may use it, and what is in its place. */
@Timeout(120)
class ListenerSupervisorFileTest extends ListenerSupervisorFixture {

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
}
