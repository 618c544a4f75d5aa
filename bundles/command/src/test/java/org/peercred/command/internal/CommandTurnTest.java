/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.testing.FakeConnection;

/** Commands do not delay each other's loop, and one that had to wait is decided about again. */
@Timeout(120)
class CommandTurnTest extends CommandFixture {

    @Test
    void runs_commands_away_from_the_loop() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        publish("where", call -> ran.set(Thread.currentThread()));
        assertEquals("ok\n", client("where").ask("where"));
        assertNotEquals(Thread.currentThread(), ran.get());
        assertTrue(ran.get().isDaemon());
        assertTrue(
                ran.get().getName().startsWith("peercred-command-"), ran.get().getName());
    }

    @Test
    void lets_a_slow_command_delay_no_other_connection() {
        CountDownLatch end = new CountDownLatch(1);
        publish("sleep", call -> CommandThreadsFixture.awaitEnd(end));
        List<CompletableFuture<String>> slow = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            slow.add(client("sleep").send("sleep"));
        }
        Client other = client("say", "help");
        assertEquals("hello\nok\n", other.ask("say hello"));
        assertTrue(other.ask("help").endsWith("ok\n"));
        slow.forEach(answer -> assertFalse(answer.isDone()));
        end.countDown();
        slow.forEach(answer -> assertEquals("ok\n", Client.await(answer)));
    }

    /** A service with one thread, which is taken until told otherwise. */
    private static final class Narrow implements AutoCloseable {
        final CommandService narrow = new CommandService(CommandThreadsFixture.limits(1, 1));
        final CountDownLatch end = new CountDownLatch(1);
        final CompletableFuture<String> first;

        Narrow(FakeCommand.Body halt) {
            narrow.bindCommands(
                    new FakeReference(0), new FakeCommand("sleep", call -> CommandThreadsFixture.awaitEnd(end)));
            narrow.bindCommands(new FakeReference(0), new FakeCommand("halt", halt));
            first = new Client(narrow, 1, "sleep").send("sleep");
        }

        void letFirstEnd() {
            end.countDown();
            assertEquals("ok\n", Client.await(first));
        }

        @Override
        public void close() {
            end.countDown();
            narrow.stop();
        }
    }

    @Test
    void what_waits_is_dropped_as_soon_as_its_connection_ends() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client revoked = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = revoked.send("halt");
            revoked.disconnect();
            assertEquals("error: the connection ended before the command's turn came\n", Client.await(second));
            assertEquals("error", revoked.recorded().details().get("result"));
            assertEquals(1, service.narrow.threads().users());
            service.letFirstEnd();
            assertEquals("ok\n", new Client(service.narrow, 3, "halt").ask("halt"));
            assertEquals(1, runs.get());
        }
    }

    @Test
    void what_waited_is_decided_again_when_its_turn_comes() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client client = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = client.send("halt now");
            client.revoke("halt");
            service.letFirstEnd();
            assertEquals("error: permission denied: halt\n", Client.await(second));
            assertEquals(0, runs.get());
            FakeConnection.Recorded denied = client.recorded();
            assertEquals("denied", denied.details().get("result"));
            assertEquals(FakeConnection.DENIED, denied.decision().reason());
            assertEquals("now", denied.details().get("args"));
        }
    }

    @Test
    void what_waited_runs_with_the_roles_of_the_moment_in_which_it_runs() {
        try (Narrow service = new Narrow(call -> call.reply(String.join(",", call.roles())))) {
            Client client = new Client(service.narrow, 2, "halt");
            client.connection.rolesFrom(() -> Set.of("before"));
            CompletableFuture<String> second = client.send("halt");
            client.connection.rolesFrom(() -> Set.of("after"));
            service.letFirstEnd();
            assertEquals("after\nok\n", Client.await(second));
        }
    }

    @Test
    void what_waited_is_not_run_where_nobody_can_tell_the_roles_any_more() {
        AtomicInteger runs = new AtomicInteger();
        try (Narrow service = new Narrow(call -> runs.incrementAndGet())) {
            Client client = new Client(service.narrow, 2, "halt");
            CompletableFuture<String> second = client.send("halt");
            client.connection.rolesFrom(() -> {
                throw new IllegalStateException("half gone");
            });
            service.letFirstEnd();
            assertEquals("error: the command failed\n", Client.await(second));
            assertEquals(0, runs.get());
        }
    }
}
