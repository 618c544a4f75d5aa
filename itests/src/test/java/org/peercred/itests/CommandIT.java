/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;

/** The command service as it is shipped, in a container whose user is the owner. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class CommandIT extends StockKaraf {

    private Path directory;
    private Path socket;
    private Holdings before;

    @Before
    public void install() throws Exception {
        directory = Files.createTempDirectory("peercred-it");
        socket = directory.resolve("c");
        before = baseline(socket);
        addRepository();
        console("feature:install peercred");
        await().atMost(120, TimeUnit.SECONDS)
                .until(() ->
                        configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~command)") != null);
        set("org.peercred.listener~echo", "path", directory.resolve("e").toString());
        set("org.peercred.listener~command", "path", socket.toString());
        awaitReply("view", reply -> reply.equals(List.of("ok")));
    }

    @After
    public void cleanUp() throws Exception {
        console("feature:uninstall peercred");
        awaitHoldings(before);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
        Files.delete(directory);
    }

    @Test
    public void a_change_of_roles_and_of_grants_counts_on_an_open_connection() throws Exception {
        try (Client client = Client.connect(socket)) {
            assertEquals(List.of("ok"), reply(client, "update The door is open."));
            assertEquals(List.of("The door is open.", "ok"), reply(client, "view"));
            assertTrue(reply(client, "whoami").containsAll(List.of("uid " + ownUid(), "roles admin, editor, viewer")));

            set("org.peercred.roles~board", "listeners", "echo");
            awaitReply(client, "view", reply -> reply.equals(denied("view")));
            set("org.peercred.roles~board", "listeners", "echo, command");
            awaitReply(client, "view", reply -> reply.equals(List.of("The door is open.", "ok")));

            set("org.peercred.roles~board", "editor", "uid:1");
            awaitReply(client, "update Closed.", reply -> reply.equals(denied("update")));
            assertEquals(List.of("The door is open.", "ok"), reply(client, "view"));

            // Last good: a value that cannot be understood takes nothing away and gives nothing.
            set("org.peercred.roles~board", "editor", "owner, nobody-at-all");
            assertEquals(denied("update"), reply(client, "update Closed."));
            assertEquals(List.of("The door is open.", "ok"), reply(client, "view"));

            set("org.peercred.policy.command~board", "view", "admin");
            set("org.peercred.roles~board", "editor", "uid:1");
            set("org.peercred.roles~board", "admin", "uid:1");
            awaitReply(client, "view", reply -> reply.equals(denied("view")));
            assertEquals(denied("update"), reply(client, "update Closed."));
            assertEquals(List.of("error: unknown command: connect"), reply(client, "connect"));
        }
    }

    @Test
    public void the_notice_outlives_an_update_of_the_bundle_and_the_socket_stays() throws Exception {
        try (Client client = Client.connect(socket)) {
            assertEquals(List.of("ok"), reply(client, "update ${env:HOME} stays as it is"));
        }
        Object inode = Files.getAttribute(socket, "unix:ino");
        Bundle bundle = Arrays.stream(bundleContext.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals("org.peercred.board"))
                .findFirst()
                .orElseThrow();
        bundle.stop();
        awaitHears(socket, "view", "error: unknown command: view");
        bundle.update();
        bundle.start();
        awaitReply("view", reply -> reply.equals(List.of("${env:HOME} stays as it is", "ok")));
        assertEquals(inode, Files.getAttribute(socket, "unix:ino"));
    }

    private static List<String> denied(String name) {
        return List.of("error: permission denied: " + name);
    }

    /** The lines of one reply, its end included. */
    private static List<String> reply(Client client, String line) throws IOException {
        client.send(line);
        List<String> lines = new ArrayList<>();
        while (lines.isEmpty() || !isEnd(lines.get(lines.size() - 1))) {
            lines.add(client.line().orElseThrow(() -> new AssertionError("the stream ended after " + lines)));
        }
        return lines;
    }

    private static boolean isEnd(String line) {
        return line.equals("ok") || line.startsWith("error: ");
    }

    private static void awaitReply(Client client, String line, Predicate<List<String>> expected) {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> expected.test(reply(client, line)));
    }

    private void awaitReply(String line, Predicate<List<String>> expected) {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> {
                    String first = Client.hears(socket, line);
                    if (List.of(Client.NO_SOCKET, Client.END, "Service unavailable", "Unauthorized access")
                            .contains(first)) {
                        return false;
                    }
                    try (Client client = Client.connect(socket)) {
                        return expected.test(reply(client, line));
                    }
                });
    }
}
