/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The feature archive in a Karaf as it is downloaded, on a machine with no repository: neither remote nor local. */
public class KarIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    private static final String CONFIGURATION = "etc/org.peercred.listener-echo.cfg";

    private Installation karaf;
    private int port;

    @Before
    public void start() throws Exception {
        port = StockKaraf.freePort();
        karaf = new Installation(Path.of(System.getProperty("karaf.archive")), User.DAEMON);
        String maven = "etc/org.ops4j.pax.url.mvn.cfg";
        karaf.edit(
                maven,
                "#org.ops4j.pax.url.mvn.localRepository=",
                "org.ops4j.pax.url.mvn.localRepository=" + karaf.file("data/repository"));
        karaf.edit(maven, "https://", "file:/no-such-directory/");
        karaf.edit("etc/org.apache.karaf.shell.cfg", "sshPort = 8101", "sshPort = " + port);
        karaf.edit("etc/org.apache.karaf.shell.cfg", "sshHost = 0.0.0.0", "sshHost = 127.0.0.1");
        String management = "etc/org.apache.karaf.management.cfg";
        karaf.edit(management, "rmiRegistryPort = 1099", "rmiRegistryPort = " + StockKaraf.freePort());
        karaf.edit(management, "rmiServerPort = 44444", "rmiServerPort = " + StockKaraf.freePort());
        karaf.append(
                "etc/users.properties",
                """

                boss = boss,group,admin,manager,viewer,systembundles,ssh
                """);
        Files.writeString(
                karaf.file(CONFIGURATION),
                """
                path = %s
                required.policies = owner, superuser
                """
                        .formatted(karaf.socket()));
        karaf.copy(Path.of(System.getProperty("peercred.kar")), "deploy/peercred.kar");
        karaf.start();
        karaf.awaitConsole(port, "boss");
    }

    @After
    public void stop() throws Exception {
        karaf.remove();
    }

    @Test
    public void it_opens_nothing_by_itself_and_installs_everything_on_demand() throws Exception {
        karaf.awaitConsoleSays(port, "boss", "feature:list", "peercred-core");
        assertFalse(karaf.console(port, "boss", "feature:list --installed").contains("peercred"));
        assertFalse(Files.exists(karaf.socket()));

        String before = Files.readString(karaf.file(CONFIGURATION));
        karaf.console(port, "boss", "feature:install peercred");
        karaf.awaitEcho(User.DAEMON);
        assertEquals("a file that is there is not overwritten", before, Files.readString(karaf.file(CONFIGURATION)));
        assertTrue(Files.readString(karaf.file("etc/org.peercred.policy.owner.cfg"))
                .startsWith("# "));

        // What docs/operations.md says of an update: Karaf takes the features away and does not bring them back.
        karaf.console(port, "boss", "kar:install file:" + karaf.file("deploy/peercred.kar"));
        await().atMost(120, TimeUnit.SECONDS).until(() -> Files.notExists(karaf.socket()));
        assertFalse(karaf.console(port, "boss", "feature:list --installed").contains("peercred"));
        assertEquals("files stay", before, Files.readString(karaf.file(CONFIGURATION)));
        karaf.console(port, "boss", "feature:install peercred");
        karaf.awaitEcho(User.DAEMON);
    }
}
