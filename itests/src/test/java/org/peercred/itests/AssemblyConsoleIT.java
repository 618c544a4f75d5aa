/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The assembled distribution with the console over SSH, switched on as its own files say: what its users may do there. */
public class AssemblyConsoleIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    private static Installation karaf;
    private static int port;

    @BeforeClass
    public static void start() throws Exception {
        port = StockKaraf.freePort();
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
        karaf.edit("etc/org.apache.karaf.features.cfg", "    log/", "    ssh, \\\n    log/");
        karaf.edit("etc/org.apache.karaf.shell.cfg", "sshPort = 8101", "sshPort = " + port);
        karaf.append(
                "etc/users.properties",
                """

                guest = guest,viewer,ssh
                boss = boss,group,admin,manager,viewer,systembundles,ssh
                """);
        karaf.start();
        karaf.awaitEcho(User.DAEMON);
        karaf.awaitConsole(port, "guest");
    }

    @AfterClass
    public static void stop() throws Exception {
        karaf.remove();
    }

    @Test
    public void a_viewer_may_look_but_neither_write_nor_read_files_nor_call_methods() throws Exception {
        assertTrue(says("guest", "feature:list --installed").contains("peercred"));
        Path written = karaf.file("data/written-by-guest");
        for (String command : List.of(
                "echo x > " + written,
                "echo x >> " + written,
                "(\"abc\" length)",
                "cat etc/users.properties",
                "head etc/users.properties",
                "tac -f " + written)) {
            String refusal = assertThrows(command, IOException.class, () -> says("guest", command))
                    .getMessage();
            assertTrue(command + ": " + refusal, refusal.contains("Command not found"));
        }
        assertFalse(Files.exists(written));
    }

    @Test
    public void an_administrator_changes_a_policy_while_it_runs() throws Exception {
        assertEquals("> hello\n", karaf.hears(User.DAEMON, "hello"));
        says("boss", "config:delete org.peercred.policy.owner");
        karaf.awaitHears(User.DAEMON, "Unauthorized access\n");
        says("boss", "config:edit org.peercred.policy.owner; config:property-set listeners echo; config:update");
        karaf.awaitHears(User.DAEMON, "> ready\n");
    }

    @Test
    public void bin_client_hands_on_the_exit_statuses_that_json_md_promises() throws Exception {
        Statuses.of(User.DAEMON)
                .forEach((command, status) -> assertEquals(command, status.intValue(), status(command)));
    }

    private static int status(String command) {
        try {
            says("boss", command);
            return 0;
        } catch (Installation.ExitException e) {
            return e.status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String says(String user, String command) throws IOException {
        return karaf.console(port, user, command);
    }
}
