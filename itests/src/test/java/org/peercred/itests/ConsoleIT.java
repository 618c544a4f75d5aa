/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.service.cm.Configuration;

/** The demonstration in a stock Karaf, reconfigured from its console, seen by connections that are open and by new ones. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ConsoleIT extends StockKaraf {

    private static final String DENIED = "Unauthorized access";
    private static final String LISTENER = "org.peercred.listener~echo";
    private static final String OWNER = "org.peercred.policy.owner";
    private static final String UID = "org.peercred.policy.uid";

    /** An id that is neither root's nor this container's. */
    private static final int SOMEBODY_ELSE = 61_234;

    private static Path directory;
    private static Path socket;
    private static Path shipped;

    private final List<Client> clients = new ArrayList<>();

    @Before
    public void install() throws Exception {
        if (directory == null) {
            directory = directoryOfThisRun();
            socket = directory.resolve("echo");
            shipped = Files.createDirectory(directory.resolve("shipped"));
            shipped.toFile().deleteOnExit();
            addRepository();
            console("feature:install peercred");
            awaitTrue(() -> configuration("(service.pid=" + LISTENER + ")") != null);
            // Not on /tmp/echo.sock, where a demonstration may be running on this machine.
            set(LISTENER, "path", socket.toString());
            awaitHears(socket, "hello", "> hello");
            for (String name : ourFiles()) {
                Files.copy(etc().resolve(name), shipped.resolve(name));
                shipped.resolve(name).toFile().deleteOnExit();
            }
        }
    }

    /** Puts the files back as they were. */
    @After
    public void restore() throws Exception {
        for (Client client : clients) {
            client.close();
        }
        clients.clear();
        for (String name : ourFiles()) {
            if (!Files.exists(shipped.resolve(name))) {
                console("config:delete " + pidOf(name));
                awaitTrue(() -> Files.notExists(etc().resolve(name)));
            }
        }
        try (var files = Files.list(shipped)) {
            for (Path file : files.toList()) {
                EtcFile.copy(file, etc().resolve(file.getFileName()));
            }
        }
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_policy_that_is_deleted_ends_open_connections_and_lets_nobody_in_until_it_is_back() throws Exception {
        Client open = connected();

        console("config:delete " + OWNER);
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);
        assertTrue("the file is deleted, too", Files.notExists(etc().resolve(OWNER + ".cfg")));
        awaitLog("Policy owner is gone. Until now: listeners [*], actions [connect].");

        change(OWNER, "listeners", "*");
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void another_policy_takes_over_and_who_is_still_allowed_notices_nothing() throws Exception {
        Client open = connected();

        console("config:edit --factory --alias team " + UID, "config:property-set allow " + ownUid(), "config:update");
        awaitTrue(() -> ourFiles().contains("org.peercred.policy.uid-team.cfg"));
        awaitLog("uid~team is in force");
        change(LISTENER, "required.policies", "superuser, uid~team");
        console("config:delete " + OWNER);
        awaitTrue(() -> configuration("(service.pid=" + OWNER + ")") == null);
        awaitHears(socket, "hello", "> hello");
        assertEquals("> still here", open.ask("still here"));

        change(pidOf("org.peercred.policy.uid-team.cfg"), "allow", String.valueOf(SOMEBODY_ELSE));
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);
        // In one line, or in two where Karaf has read the file while config:update wrote it.
        awaitLog("Changed: allow: removed " + ownUid());
        awaitLog("added " + SOMEBODY_ELSE + ".");

        change(pidOf("org.peercred.policy.uid-team.cfg"), "allow", SOMEBODY_ELSE + "," + ownUid());
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_policy_that_denies_overrides_the_owner() throws Exception {
        Client open = connected();
        console(
                "config:edit --factory --alias others " + UID,
                "config:property-set allow " + SOMEBODY_ELSE,
                "config:property-set otherwise deny",
                "config:update");
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);

        console("config:delete " + pidOf("org.peercred.policy.uid-others.cfg"));
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_scope_that_moves_away_takes_its_grant_along() throws Exception {
        Client open = connected();
        change(OWNER, "listeners", "elsewhere");
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);
        change(OWNER, "listeners", "elsewhere, echo");
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_policy_that_is_required_and_not_there_lets_nobody_in() throws Exception {
        Client open = connected();
        change(LISTENER, "required.policies", "owner, superuser, uid~team");
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);
    }

    @Test
    public void the_console_tells_what_keeps_clients_out() throws Exception {
        change(LISTENER, "service.target", "(peercred.service=ecko)");
        awaitTrue(() -> console("peercred:listeners --no-format echo").contains("waits for a service that matches"));
        awaitHears(socket, "hello", "Service unavailable");
        change(LISTENER, "service.target", "(peercred.service=echo)");
        awaitTrue(() -> console("peercred:listeners --no-format echo").contains("\tlistening\t"));

        assertTrue(console("peercred:check --uid " + ownUid()).contains("Allowed by owner"));
        change(LISTENER, "mode", "0600");
        awaitTrue(() -> PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))
                .equals("rw-------"));
        RuntimeException refused = assertThrows(
                RuntimeException.class, () -> console("peercred:check --uid " + SOMEBODY_ELSE + " --listener echo"));
        assertTrue(refused.toString(), refused.getMessage().contains("Denied on echo."));

        String roles = console("peercred:roles --no-format board");
        assertTrue(roles, roles.contains("board\tactive\tadmin\towner\tcommand\t"));
    }

    @Test
    public void the_prefix_changes_on_an_open_connection() throws Exception {
        Client open = connected();
        change("org.peercred.echo", "prefix", "<< ");
        awaitHears(socket, "hello", "<< hello");
        assertEquals("<< hello", open.ask("hello"));
    }

    @Test
    public void a_broken_policy_stays_as_it_was() throws Exception {
        Client open = connected();
        change(OWNER, "actions", "fly to the moon");
        awaitLog(OWNER);
        awaitLog("fly to the moon");
        assertEquals("> hello", Client.hears(socket, "hello"));
        assertEquals("> still here", open.ask("still here"));
    }

    @Test
    public void a_policy_that_was_broken_from_the_start_denies_what_it_covers() throws Exception {
        Client open = connected();
        console(
                "config:edit --factory --alias typo " + UID,
                "config:property-set listeners echo",
                "config:property-set allow no-such-user-at-all",
                "config:update");
        awaitLog("no-such-user-at-all");
        assertEquals(List.of(DENIED), open.rest());
        awaitHears(socket, "hello", DENIED);

        change(pidOf("org.peercred.policy.uid-typo.cfg"), "allow", String.valueOf(ownUid()));
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_broken_listener_stays_as_it_was() throws Exception {
        Client open = connected();
        Object before = identityOf(socket);
        console(
                "config:edit " + LISTENER,
                "config:property-set mode banana",
                "config:property-set path " + directory.resolve("never"),
                "config:update");
        awaitLog("banana");
        assertEquals("> hello", Client.hears(socket, "hello"));
        assertEquals("> still here", open.ask("still here"));
        assertEquals(before, identityOf(socket));
        assertTrue(Files.notExists(directory.resolve("never")));
    }

    @Test
    public void mode_and_message_change_without_a_new_socket() throws Exception {
        Client open = connected();
        Object before = identityOf(socket);
        change(LISTENER, "mode", "0600");
        awaitTrue(() -> PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))
                .equals("rw-------"));
        change(LISTENER, "denied.message", "Not today");
        assertEquals("> still here", open.ask("still here"));
        assertEquals(before, identityOf(socket));

        change(OWNER, "listeners", "elsewhere");
        assertEquals(List.of("Not today"), open.rest());
        awaitHears(socket, "hello", "Not today");
    }

    @Test
    public void a_new_path_moves_the_listener_and_drops_nobody() throws Exception {
        Client open = connected();
        Path moved = directory.resolve("moved");
        change(LISTENER, "path", moved.toString());
        awaitHears(moved, "hello", "> hello");
        awaitHears(socket, "hello", Client.NO_SOCKET);
        assertEquals("> still here", open.ask("still here"));
        assertTrue("the old file is gone", Files.notExists(socket));

        change(LISTENER, "path", socket.toString());
        awaitHears(socket, "hello", "> hello");
        assertEquals("> still here", open.ask("still here"));
        awaitTrue(() -> Files.notExists(moved));
    }

    @Test
    public void a_second_listener_comes_and_goes() throws Exception {
        Client open = connected();
        Path second = directory.resolve("second");
        console(
                "config:edit --factory --alias second org.peercred.listener",
                "config:property-set path " + second,
                "config:update");
        awaitHears(second, "hello", "> hello");
        Client onSecond = connect(second);
        assertEquals("> one", onSecond.ask("one"));

        console("config:delete " + pidOf("org.peercred.listener-second.cfg"));
        awaitHears(second, "hello", Client.NO_SOCKET);
        assertEquals(List.of(), onSecond.rest());
        assertTrue(Files.notExists(second));
        assertEquals("> still here", open.ask("still here"));
    }

    private Client connect(Path path) throws IOException {
        Client client = Client.connect(path);
        clients.add(client);
        return client;
    }

    private Client connected() throws IOException {
        Client client = connect(socket);
        assertEquals("> hello", client.ask("hello"));
        return client;
    }

    /** On the console, as an operator does who looks whether a change is taken before the next. */
    private void change(String pid, String key, String value) throws Exception {
        Change.lasts(
                pid,
                key,
                value,
                () -> console(
                        "config:edit " + pid, "config:property-set " + key + " '" + value + "'", "config:update"));
    }

    private Configuration configuration(String filter) throws Exception {
        Configuration[] found = configurationAdmin.listConfigurations(filter);
        return found == null ? null : found[0];
    }

    private String pidOf(String file) throws Exception {
        String filter = "(felix.fileinstall.filename=*/" + file + ")";
        awaitTrue(() -> configuration(filter) != null);
        return configuration(filter).getPid();
    }

    /**
     * Reads the file: Karaf's log:display sets a level and puts it back, for which etc/org.ops4j.pax.logging.cfg is rewritten twice, and
     * now and then fileinstall reads it while it is empty. From then on nothing is logged.
     */
    private static void awaitLog(String text) {
        Path log = Path.of(System.getProperty("karaf.log"), "karaf.log");
        awaitTrue(() -> {
            try (Stream<String> lines = Files.lines(log)) {
                return lines.anyMatch(line -> line.contains(text) && !line.contains("config:"));
            }
        });
    }

    private static Object identityOf(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(condition);
    }
}
