/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The assembled distribution with the web applications that it holds and does not start, where there is no network and no port is to be open. */
public class AssemblyWebIT {

    private static final int PATIENCE_SECONDS = 120;

    private static final String CONSOLE = "/system/console/bundles.json";
    private static final String METRICS = "/peercred/metrics";

    private static final String ROLES = "etc/org.peercred.roles-http.cfg";

    @Rule
    public final Timeout limit = Limits.forOneTest();

    private static Installation karaf;
    private static Set<String> portsAsShipped;

    @BeforeClass
    public static void start() throws Exception {
        Ran.needs("curl", "a client of the web applications of the distribution");
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
        EtcFile.write(karaf.file("etc/org.ops4j.pax.web.cfg"), "org.osgi.service.http.enabled = false\n");
        karaf.start();
        karaf.awaitEcho(User.DAEMON);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> Files.exists(karaf.file("data/console.sock")));
        portsAsShipped = ListeningPorts.of(karaf.pid());
        karaf.script("console", "feature:install peercred-http peercred-webui webconsole jolokia");
        awaitStatus(200, CONSOLE);
    }

    @AfterClass
    public static void stop() throws Exception {
        if (karaf != null) {
            karaf.remove();
        }
    }

    @Test
    public void the_web_console_and_jolokia_answer() throws Exception {
        String list = curl(User.DAEMON, CONSOLE);
        assertTrue(list, list.contains("\"symbolicName\":\"org.peercred.http\""));
        // It asks for a password by itself, unless it is told to take the socket's word.
        awaitStatus(401, "/jolokia/version");
    }

    @Test
    public void metrics_are_for_those_who_may_look() throws Exception {
        awaitStatus(200, METRICS);
        String metrics = curl(User.DAEMON, METRICS);
        for (String listener : Set.of("echo", "console", "http")) {
            assertTrue(metrics, metrics.contains("\npeercred_listener_listening{listener=\"" + listener + "\"} 1\n"));
        }
        assertTrue(metrics, metrics.contains("\npeercred_access_control_up 1\n"));
        assertTrue(metrics, metrics.contains("\npeercred_policies{state=\"rejected\"} 0\n"));
        assertTrue(metrics, metrics.contains("\npeercred_audit_lost_events_total 0\n"));

        karaf.edit(ROLES, "\nviewer = owner\n", "\nviewer = uid:4000000\n");
        awaitStatus(403, METRICS);
        assertEquals("This needs the role viewer.\n 403", curl(User.DAEMON, METRICS));
        karaf.edit(ROLES, "\nviewer = uid:4000000\n", "\nviewer = owner\n");
        awaitStatus(200, METRICS);
    }

    @Test
    public void no_port_is_open() throws Exception {
        assertEquals(Set.of(), portsAsShipped);
        assertEquals(Set.of(), ListeningPorts.of(karaf.pid()));
        try (ServerSocket open = new ServerSocket(0)) {
            Set<String> ports = ListeningPorts.of(ProcessHandle.current().pid());
            String port = String.format(":%04X", open.getLocalPort());
            assertTrue(ports.toString(), ports.stream().anyMatch(address -> address.endsWith(port)));
        }
    }

    @Test
    public void root_is_refused_by_a_response() throws Exception {
        User.needsRoot("root as a client");
        assertEquals("Unauthorized access\n 403", curl(User.ROOT, CONSOLE));
        assertEquals("Unauthorized access\n 403", curl(User.ROOT, METRICS));
    }

    private static void awaitStatus(int status, String path) {
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .until(() -> curl(User.DAEMON, path).endsWith(" " + status));
    }

    /** The body and the status. */
    private static String curl(User as, String path) throws Exception {
        String socket = karaf.file("data/http.sock").toString();
        String url = "http://localhost" + path;
        String[] command = {
            "curl", "--silent", "--max-time", "60", "--unix-socket", socket, "--write-out", " %{http_code}", url
        };
        return Ran.of(Ran.program(as, karaf.file("data"), command), "").out();
    }
}
