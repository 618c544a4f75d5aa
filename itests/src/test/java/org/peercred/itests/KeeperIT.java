/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What the files say counts, whatever becomes of them, in the distribution, run by a user without privileges. */
public class KeeperIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    private static final String IN = "> hello\n";
    private static final String OUT = "Unauthorized access\n";
    private static final int FIRST = 70_000;

    private static Installation karaf;

    @BeforeClass
    public static void unpack() throws Exception {
        User.needsRoot("files that the container may not read, and clients of many users");
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.DAEMON);
        karaf.edit("etc/org.peercred.listener-echo.cfg", "path = /tmp/echo.sock", "path = " + karaf.socket());
    }

    @Before
    public void start() throws Exception {
        karaf.start();
        karaf.awaitEcho(User.DAEMON);
    }

    @AfterClass
    public static void stop() throws Exception {
        if (karaf != null) {
            karaf.remove();
        }
    }

    private static User user(int number) {
        return new User(FIRST + number);
    }

    private static Path policy(String name) {
        return karaf.file("etc/org.peercred.policy.uid-" + name + ".cfg");
    }

    /** Puts a whole file in its place at once. */
    private static void put(Path file, String text) throws IOException {
        Path next = karaf.file("data").resolve(file.getFileName() + ".next");
        Files.writeString(next, text, UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void allow(String name, User user) throws IOException {
        put(policy(name), "allow = " + user.uid() + "\n");
    }

    private static void awaitHears(User user, String expected) {
        awaitTrue(() -> karaf.hears(user, "hello").equals(expected));
    }

    private static void awaitLogged(String text) {
        awaitTrue(() -> karaf.log("karaf.log").contains(text));
    }

    private static void awaitTrue(Callable<Boolean> condition) {
        await().atMost(300, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(condition);
    }

    @Test
    public void fifteen_hundred_files_at_once_count_and_so_does_a_change_of_150_of_them() throws Exception {
        Path next = Files.createDirectories(karaf.file("data/next"));
        List<Path> files = IntStream.range(0, 1_500)
                .mapToObj(i -> next.resolve("org.peercred.policy.uid-many" + i + ".cfg"))
                .toList();
        for (int i = 0; i < files.size(); i++) {
            Files.writeString(files.get(i), "allow = " + user(i).uid() + "\n");
        }
        for (Path file : files) {
            Files.move(file, policy("many0").resolveSibling(file.getFileName()));
        }
        for (int sample : new int[] {0, 149, 750, 1_499}) {
            awaitHears(user(sample), IN);
        }
        for (int i = 0; i < 150; i++) {
            put(policy("many" + i), "allow = 4\n");
        }
        for (int sample : new int[] {0, 75, 149}) {
            awaitHears(user(sample), OUT);
        }
        assertEquals(IN, karaf.hears(user(1_499), "hello"));
        for (Path file : files) {
            Files.delete(policy("many0").resolveSibling(file.getFileName()));
        }
        awaitHears(user(1_499), OUT);
    }

    @Test
    public void links_that_are_switched_and_files_that_are_written_again_count() throws Exception {
        Path first = Files.createDirectories(karaf.file("data/v1"));
        Path second = Files.createDirectories(karaf.file("data/v2"));
        Files.writeString(first.resolve("policy"), "allow = " + user(1).uid() + "\n");
        Files.writeString(second.resolve("policy"), "allow = " + user(2).uid() + "\n");
        Path link = Files.createSymbolicLink(karaf.file("etc/..data"), first);
        Files.createSymbolicLink(policy("linked"), Path.of("..data", "policy"));
        awaitHears(user(1), IN);
        Path next = Files.createSymbolicLink(karaf.file("etc/..next"), second);
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        awaitHears(user(1), OUT);
        awaitHears(user(2), IN);
        Files.delete(policy("linked"));
        Files.writeString(policy("linked"), "allow = " + user(3).uid() + "\n");
        awaitHears(user(2), OUT);
        awaitHears(user(3), IN);
        Files.delete(policy("linked"));
        Files.delete(link);
    }

    @Test
    public void a_directory_that_is_swapped_as_a_whole_counts() throws Exception {
        allow("before", user(4));
        awaitHears(user(4), IN);
        Path etc = karaf.file("etc");
        Path next = karaf.file("etc.next");
        copy(etc, next);
        Files.delete(next.resolve(policy("before").getFileName()));
        Files.writeString(next.resolve(policy("after").getFileName()), "allow = " + user(5).uid() + "\n");
        Files.move(etc, karaf.file("etc.before"));
        Files.move(next, etc);
        awaitHears(user(4), OUT);
        awaitHears(user(5), IN);
        Files.delete(policy("after"));
    }

    private static void copy(Path from, Path to) throws Exception {
        Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
        try {
            assertTrue(copying.waitFor(60, TimeUnit.SECONDS) && copying.exitValue() == 0);
        } finally {
            copying.destroyForcibly();
        }
    }

    @Test
    public void what_cannot_be_read_stays_in_force_while_it_runs_and_closes_all_after_a_start() throws Exception {
        allow("secret", user(6));
        awaitHears(user(6), IN);
        // By then it has been compared with what is in force: before that, it counts as never read.
        FileTime written = Files.getLastModifiedTime(policy("secret"));
        awaitTrue(() -> written.toInstant().isBefore(Instant.now().minusSeconds(10)));
        Files.setPosixFilePermissions(policy("secret"), PosixFilePermissions.fromString("rw-------"));
        awaitLogged(
                "uid-secret.cfg cannot be read: permission denied. What it said when it was last read stays in force.");
        assertEquals(IN, karaf.hears(user(6), "hello"));
        karaf.stop();
        karaf.startAsItIs();
        karaf.awaitHears(User.DAEMON, OUT);
        assertEquals(OUT, karaf.hears(user(6), "hello"));
        awaitLogged(
                "uid-secret.cfg cannot be read: permission denied. The policy denies everything on every listener.");
        put(policy("secret"), "allow = " + user(7).uid() + "\n");
        awaitHears(user(7), IN);
        assertEquals(OUT, karaf.hears(user(6), "hello"));
        assertEquals(IN, karaf.hears(User.DAEMON, "hello"));
        Files.delete(policy("secret"));
    }

    @Test
    public void what_was_deleted_or_renamed_while_it_was_stopped_is_no_ghost() throws Exception {
        allow("ghost", user(8));
        awaitHears(user(8), IN);
        karaf.stop();
        Files.delete(policy("ghost"));
        Path echo = karaf.file("etc/org.peercred.listener-echo.cfg");
        Path renamed = karaf.file("etc/org.peercred.listener-renamed.cfg");
        Files.move(echo, renamed);
        start();
        assertEquals(OUT, karaf.hears(user(8), "hello"));
        assertFalse(karaf.log("karaf.log").contains("another program is listening"));
        karaf.stop();
        Files.move(renamed, echo);
    }

    @Test
    public void names_that_nobody_reads_are_told() throws Exception {
        put(karaf.file("etc/org.peercred.policy.uid_block.cfg"), "allow = 1\n");
        put(karaf.file("etc/org.peercred.policy.executables-x.cfg"), "only = /bin/x\n");
        awaitLogged("Nobody reads etc/org.peercred.policy.uid_block.cfg: what it says is not in force."
                + " Rename it to etc/org.peercred.policy.uid-block.cfg.");
        awaitLogged("Rename it to etc/org.peercred.policy.executable-x.cfg.");
        Files.delete(karaf.file("etc/org.peercred.policy.uid_block.cfg"));
        Files.delete(karaf.file("etc/org.peercred.policy.executables-x.cfg"));
    }

    @Test
    public void what_starts_after_the_policies_and_the_listeners_is_waited_for() throws Exception {
        assertConsoleAnswersAtOnce();
        karaf.stop();
        start();
        assertConsoleAnswersAtOnce();
        assertFalse(karaf.log("karaf.log").contains("Nobody reads etc/org.peercred.console.cfg"));
    }

    private static void assertConsoleAnswersAtOnce() throws IOException {
        awaitTrue(() -> Files.exists(karaf.file("data/console.sock")));
        assertTrue(karaf.script("console", "shell:echo here").contains("here"));
    }

    @Test
    public void letters_arrive_as_they_were_written_without_a_locale() throws Exception {
        Path echo = karaf.file("etc/org.peercred.listener-echo.cfg");
        String before = Files.readString(echo, UTF_8);
        put(echo, before + "\ndenied.message = Nichts für Fremde\n");
        awaitHears(user(9), "Nichts für Fremde\n");
        put(echo, before);
        awaitHears(user(9), OUT);
    }

    @Test
    public void a_cache_of_another_java_is_set_aside_and_what_was_edited_stays() throws Exception {
        allow("kept", user(10));
        awaitHears(user(10), IN);
        karaf.stop();
        Files.writeString(karaf.file("data/mine"), "mine");
        String listener = Files.readString(karaf.file("etc/org.peercred.listener-echo.cfg"), UTF_8);
        karaf.use(pretended("99.0.1"));
        start();
        awaitHears(user(10), IN);
        int java = Runtime.version().feature();
        assertTrue(
                karaf.printed(),
                karaf.printed().contains("data/cache was used by Java " + java + ", and this is Java 99"));
        assertTrue(Files.isDirectory(karaf.file("data/cache-java" + java)));
        assertEquals("mine", Files.readString(karaf.file("data/mine")));
        assertEquals(listener, Files.readString(karaf.file("etc/org.peercred.listener-echo.cfg"), UTF_8));
        karaf.stop();
        karaf.use(Path.of(System.getProperty("java.home")));
        Files.delete(policy("kept"));
    }

    @Test
    public void a_real_change_of_java_loses_no_configuration() throws Exception {
        Path other = otherJava();
        allow("java", user(11));
        awaitHears(user(11), IN);
        karaf.stop();
        karaf.use(other);
        start();
        awaitHears(user(11), IN);
        allow("java", user(12));
        awaitHears(user(11), OUT);
        karaf.stop();
        karaf.use(Path.of(System.getProperty("java.home")));
        start();
        awaitHears(user(12), IN);
        Files.delete(policy("java"));
    }

    /** The Java of these tests, which says that it is another. */
    private static Path pretended(String version) throws IOException {
        Path home = karaf.file("java" + version);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java, "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static Path otherJava() throws IOException {
        String named = System.getenv("PEERCRED_OTHER_JAVA_HOME");
        if (named != null) {
            return Path.of(named);
        }
        Path found = null;
        Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all)) {
            try (Stream<Path> homes = Files.list(all)) {
                found = homes.filter(home -> home.getFileName().toString().matches("(java|temurin|jdk)-21.*"))
                        .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                        .findFirst()
                        .orElse(null);
            }
        }
        String why = "needs a Java 21 in /usr/lib/jvm, or PEERCRED_OTHER_JAVA_HOME, beside the one of these tests";
        if (found == null) {
            System.err.println(why);
        }
        assumeTrue(why, found != null);
        return found;
    }
}
