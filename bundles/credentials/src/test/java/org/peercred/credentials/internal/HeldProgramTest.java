/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process that is held executes: told without reading its link again only where that is bound to say the same. */
@Timeout(300)
class HeldProgramTest extends HeldFixture {

    @Test
    void a_process_that_has_executed_another_program_executes_that_one() throws Exception {
        try (Client client = new Client(server)) {
            makeKnown(client);
            try (Connection connection = connect(client)) {
                Path sleep = Path.of("/bin/sleep").toRealPath();
                client.order("s.set_inheritable(True); os.execv('/bin/sleep', ['python3', '600'])");
                Path link = Path.of("/proc", "" + client.pid(), "exe");
                Awaitility.await().until(() -> Files.readSymbolicLink(link).equals(sleep));
                assertEquals(sleep, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_program_whose_file_is_gone_or_another_one_is_not_told() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path other = Files.copy(
                    Path.of("/bin/sleep").toRealPath(), server.directory().resolve("other"));
            Files.move(other, program, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            try (Connection connection = connect(client)) {
                assertEquals(
                        "the program that it executes was deleted or replaced since it was started",
                        connection.process().executable().absence());
            }
            Files.delete(program);
            try (Connection connection = connect(client)) {
                assertEquals(
                        "the program that it executes was deleted or replaced since it was started",
                        connection.process().executable().absence());
            }
        }
    }

    @Test
    void a_program_that_has_another_name_now_is_told_by_that() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path renamed = Files.move(program, server.directory().resolve("renamed"));
            try (Connection connection = connect(client)) {
                assertEquals(renamed, connection.process().executable().value().orElseThrow());
            }
        }
    }

    /** One file has one content, but which of its names was executed may matter: some programs do what their name says. */
    @Test
    void a_program_that_was_executed_by_another_of_its_names_is_told_by_that() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        Path name = Files.createLink(server.directory().resolve("name"), program);
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            client.tell("s = socket.socket(socket.AF_UNIX)\nconnect()\ns.set_inheritable(True)");
            client.order("os.execv('%s', ['python3', '-c', 'import time; time.sleep(600)'])".formatted(name));
            try (Connection connection = Connection.accept(server, provider)) {
                Path link = Path.of("/proc", "" + client.pid(), "exe");
                Awaitility.await().until(() -> Files.readSymbolicLink(link).equals(name));
                assertEquals(name, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_program_whose_old_name_is_a_link_to_it_is_told_by_its_own() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("python"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            Path moved = Files.move(program, server.directory().resolve("moved"));
            Files.createSymbolicLink(program, moved);
            try (Connection connection = connect(client)) {
                assertEquals(moved, connection.process().executable().value().orElseThrow());
            }
        }
    }

    @Test
    void a_name_that_is_not_of_ascii_is_told_as_it_is() throws Exception {
        Path program = Files.copy(
                Path.of(Client.PYTHON).toRealPath(), server.directory().resolve("a b~c"));
        try (Client client = new Client(program, server.path().toString())) {
            makeKnown(client);
            String bytes = "os.rename(os.readlink('/proc/self/exe'), os.fsencode('%s') + b'/p\\xc3\\xa4\\xff')"
                    .formatted(server.directory());
            client.tell(bytes);
            try (Connection connection = connect(client)) {
                assertLikeReadAnew(connection);
            }
        }
    }
}
