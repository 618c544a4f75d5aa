/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** The assembled distribution as a service of systemd, with a socket that systemd holds: without a systemd that runs. */
public class SystemdIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    private static final String RATE = "1000";
    private static final Pattern RESULT = Pattern.compile(
            "answered (?<answered>\\d+) refused (?<refused>\\d+) lost (?<lost>\\d+) longest \\d+ rate \\d+ .*");

    private Installation karaf;

    @Before
    public void unpack() throws Exception {
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        String listener = "etc/org.peercred.listener-echo.cfg";
        karaf.edit(listener, "path = /tmp/echo.sock", "path = systemd:front");
        // All who waited come at once.
        karaf.edit(listener, "mode = 0666", "max.connections.per.uid = 10000");
    }

    @After
    public void remove() throws Exception {
        karaf.remove();
    }

    @Test
    public void a_restart_under_load_refuses_nobody_and_loses_nobody() throws Exception {
        Path notify = karaf.socket().resolveSibling("notify");
        Talker manager = new Talker(karaf.startedBy(
                Redirect.PIPE,
                "python3",
                script("manager.py"),
                karaf.socket().toString(),
                "front",
                notify.toString(),
                "2000000",
                karaf.terminal().toString(),
                karaf.file("bin/karaf").toString(),
                "daemon"));
        manager.tell("start");
        String ready = manager.line(line -> line.startsWith("said READY=1"));
        assertEquals(
                "said READY=1|WATCHDOG_USEC=2000000|STATUS=3 of 3 listeners serve, 0 connections are open.", ready);
        assertEquals("> at once\n", karaf.hears(User.DAEMON, "at once"));
        manager.line(line -> line.equals("said WATCHDOG=1"));
        Object before = Files.readAttributes(karaf.socket(), "unix:ino,mode,uid,gid");

        try (Talker clients = new Talker(
                karaf.runs("python3", script("clients.py"), karaf.socket().toString(), RATE))) {
            awaitAnswered(clients, 2000);
            manager.tell("stop");
            manager.line(line -> line.startsWith("said STOPPING=1|"));
            manager.line(line -> line.startsWith("ended "));
            manager.tell("start");
            manager.line(line -> line.startsWith("said READY=1|"));
            awaitAnswered(clients, answered(clients) + 2000);
            String result = clients.tell("end").line();
            System.out.println("A restart at " + RATE + " clients a second: " + result);
            Matcher numbers = RESULT.matcher(result);
            assertTrue(result, numbers.matches());
            assertEquals(result, "0", numbers.group("refused"));
            assertEquals(result, "0", numbers.group("lost"));
        }
        assertEquals(before, Files.readAttributes(karaf.socket(), "unix:ino,mode,uid,gid"));
        assertTrue(karaf.log("karaf.log")
                .contains("Listener echo accepts connections on " + karaf.socket() + ", which systemd handed over."));
        manager.close();
    }

    @Test
    public void the_first_client_at_systemd_socket_activate_starts_it_and_is_served() throws Exception {
        needs("systemd-socket-activate");
        karaf.startedBy(
                Redirect.appendTo(karaf.terminal().toFile()),
                "systemd-socket-activate",
                "--listen=" + karaf.socket(),
                "--fdname=front",
                "--setenv=JAVA_HOME",
                "--setenv=KARAF_SYSTEM_OPTS",
                karaf.file("bin/karaf").toString(),
                "daemon");
        karaf.awaitEcho(User.DAEMON);
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> karaf.log("audit.log").contains("event=allowed listener=echo connection=1 "));
        karaf.stop();
        assertTrue("it is not the container's to remove", Files.exists(karaf.socket()));
    }

    @Test
    public void the_units_are_such_as_systemd_takes() throws Exception {
        needs("systemd-analyze");
        Path units = Files.createDirectory(karaf.file("units"));
        for (String name : List.of("peercred.service", "peercred-echo.socket")) {
            String shipped = Files.readString(karaf.file("systemd/" + name), UTF_8);
            Files.writeString(
                    units.resolve(name),
                    shipped.replace("/opt/peercred/", karaf.file("").toString() + "/"),
                    UTF_8);
        }
        String service = units.resolve("peercred.service").toString();
        String socket = units.resolve("peercred-echo.socket").toString();
        assertEquals(new Ran(0, "", ""), verify(service, socket));
        String broken = Files.readString(Path.of(service), UTF_8).replace("WatchdogSec=30", "WatchdogSecs=30");
        Files.writeString(Path.of(service), broken, UTF_8);
        assertTrue("what is wrong would be told", verify(service, socket).err().contains("WatchdogSecs"));
    }

    private Ran verify(String... units) throws Exception {
        String[] words = new String[units.length + 3];
        words[0] = "systemd-analyze";
        words[1] = "verify";
        words[2] = "--man=no";
        System.arraycopy(units, 0, words, 3, units.length);
        return Ran.of(Ran.program(User.SELF, karaf.file(""), words), "");
    }

    @Test
    public void the_directory_of_the_sockets_is_made_for_the_user_of_the_service() throws Exception {
        needs("systemd-tmpfiles");
        User.needsRoot("a directory of another user");
        Path root = Files.createDirectories(karaf.file("root"));
        Files.createDirectories(root.resolve("etc"));
        Files.createDirectories(root.resolve("run"));
        Files.writeString(root.resolve("etc/passwd"), "peercred:x:4711:4712::/:/bin/sh\n", UTF_8);
        Files.writeString(root.resolve("etc/group"), "peercred:x:4712:\n", UTF_8);
        Ran ran = Ran.of(
                Ran.program(
                        User.SELF,
                        karaf.file(""),
                        "systemd-tmpfiles",
                        "--create",
                        "--root=" + root,
                        karaf.file("systemd/peercred.conf").toString()),
                "");
        assertEquals(ran.toString(), 0, ran.status());
        Map<String, Object> made = Files.readAttributes(root.resolve("run/peercred"), "unix:uid,gid,mode");
        assertEquals(Map.of("uid", 4711, "gid", 4712, "mode", 040755), made);
    }

    private static void awaitAnswered(Talker clients, int count) {
        await().atMost(240, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> answered(clients) >= count);
    }

    private static int answered(Talker clients) throws Exception {
        return Integer.parseInt(clients.tell("count").line());
    }

    private String script(String name) throws IOException {
        Path file = karaf.file(name);
        try (InputStream script = SystemdIT.class.getResourceAsStream("/systemd/" + name)) {
            Files.copy(script, file);
        }
        return file.toString();
    }

    /** Skips a test where a program of systemd is not installed, and says so. */
    private static void needs(String program) throws Exception {
        boolean isThere = new ProcessBuilder("sh", "-c", "command -v " + program)
                        .redirectOutput(Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        if (!isThere) {
            System.err.println("Skipped: " + program + " is not installed (Debian's package systemd has it).");
        }
        assumeTrue(program + " is not installed", isThere);
    }
}
