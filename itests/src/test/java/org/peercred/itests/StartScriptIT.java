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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** What the distribution's scripts ask Java for, told by a Java that only writes down how it was called. Nothing is booted. */
public class StartScriptIT {

    @Rule
    public final Timeout limit = Limits.forOneTest();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static final String CAN_IT_TRIM = "-XX:TrimNativeHeapInterval=1 -version";

    /** More for the scripts to see. */
    private final Map<String, String> environment = new HashMap<>();

    private Installation karaf;
    private Path java;
    private Path calls;

    @Before
    public void unpack() throws Exception {
        karaf = new Installation(Path.of(System.getProperty("peercred.distribution")), User.SELF);
        java = folder.newFolder("java").toPath();
        calls = java.resolve("calls");
        madeBy("OpenJDK 17");
        release("Nobody");
    }

    @After
    public void remove() throws Exception {
        karaf.remove();
    }

    @Test
    public void a_java_that_a_file_describes_is_not_started_to_be_asked() throws Exception {
        run("karaf", "daemon");
        assertEquals(List.of(CAN_IT_TRIM), questions());
        Files.delete(calls);
        run("karaf", "daemon");
        List<String> started = calls();
        assertEquals(started.toString(), 1, started.size());
        assertTrue(started.toString(), started.get(0).contains(" org.apache.karaf.main.Main"));
    }

    @Test
    public void what_the_file_says_and_what_java_says_lead_to_the_same_options() throws Exception {
        run("karaf", "daemon");
        String known = starts().get(0);
        Files.delete(java.resolve("release"));
        Files.delete(calls);
        run("karaf", "daemon");
        assertEquals(List.of("-version", "-version", known), calls());
    }

    @Test
    public void a_java_of_ibm_keeps_the_options_that_karaf_has_for_it() throws Exception {
        madeBy("IBM Semeru Runtime");
        release("IBM Corporation");
        run("karaf", "daemon");
        assertEquals(List.of("-version", "-version"), questions());
        assertTrue(starts().toString(), starts().get(0).contains(" -Xverify:none "));
        assertFalse(starts().toString(), starts().get(0).contains("UseSerialGC"));
    }

    @Test
    public void the_heap_of_the_operator_counts_however_it_is_started() throws Exception {
        for (String mode : List.of("daemon", "server", "run")) {
            run("karaf", mode);
        }
        run("start");
        await().atMost(60, TimeUnit.SECONDS).until(() -> starts().size() == 4);
        for (String call : starts()) {
            assertTrue(call, call.contains(" -Xmx77m "));
        }
    }

    @Test
    public void what_the_operator_says_of_memory_goes_before() throws Exception {
        run("karaf", "daemon");
        String usual = starts().get(0);
        for (String option : List.of("-XX:+UseSerialGC", "-Xms24m", "-Xmn8m", "-XX:TrimNativeHeapInterval=2000")) {
            assertTrue(usual, usual.contains(" " + option + " "));
        }
        Files.delete(calls);
        environment.put("JAVA_OPTS", "-XX:+UseG1GC -Xms100m");
        environment.put("EXTRA_JAVA_OPTS", "-XX:NewRatio=3 -XX:TrimNativeHeapInterval=0");
        run("karaf", "daemon");
        String own = starts().get(0);
        assertFalse(own, own.matches(".* (-XX:\\+UseSerialGC|-Xms24m|-Xmn8m|-XX:TrimNativeHeapInterval=2000) .*"));
    }

    @Test
    public void a_java_that_cannot_give_memory_back_is_not_asked_to() throws Exception {
        answers("*TrimNativeHeapInterval=1*", 1);
        run("karaf", "daemon");
        assertFalse(starts().toString(), starts().get(0).contains("Trim"));
    }

    @Test
    public void a_class_archive_is_used_once_it_is_known_to_be_whole() throws Exception {
        run("karaf", "daemon");
        assertTrue(starts().toString(), starts().get(0).contains(" -XX:ArchiveClassesAtExit=" + archive("new ")));
        Files.writeString(archive("new"), "not whole", UTF_8);
        answers("*-Xshare:on*", 1);
        Files.delete(calls);
        run("karaf", "daemon");
        assertFalse(Files.exists(archive("new")));
        assertTrue(starts().toString(), starts().get(0).contains(" -XX:ArchiveClassesAtExit=" + archive("new ")));

        Files.writeString(archive("new"), "whole", UTF_8);
        madeBy("OpenJDK 17");
        Files.delete(calls);
        run("karaf", "daemon");
        assertEquals("whole", Files.readString(archive("jsa"), UTF_8));
        assertTrue(questions().toString(), questions().get(0).contains(" -cp " + karaf.file("lib/boot/")));
        assertTrue(starts().toString(), starts().get(0).contains(" -XX:SharedArchiveFile=" + archive("jsa ")));
        assertFalse(starts().toString(), starts().get(0).contains("AtExit"));
    }

    @Test
    public void a_class_archive_of_another_build_is_not_used() throws Exception {
        run("karaf", "daemon");
        Files.writeString(archive("jsa"), "of before", UTF_8);
        Path jar = karaf.file("system/org/peercred/another/1/another-1.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "a bundle of ours", UTF_8);
        Files.delete(calls);
        run("karaf", "daemon");
        assertFalse(Files.exists(archive("jsa")));
        assertTrue(starts().toString(), starts().get(0).contains(" -XX:ArchiveClassesAtExit=" + archive("new ")));
    }

    @Test
    public void there_is_no_class_archive_where_it_could_not_serve() throws Exception {
        environment.put("KARAF_CLASS_ARCHIVE", "off");
        run("karaf", "daemon");
        environment.put("KARAF_CLASS_ARCHIVE", "on");
        environment.put("EXTRA_JAVA_OPTS", "--patch-module java.xml=x");
        run("karaf", "daemon");
        environment.remove("EXTRA_JAVA_OPTS");
        environment.put("KARAF_DATA", folder.newFolder("two words").toString());
        run("karaf", "daemon");
        assertEquals(3, starts().size());
        assertFalse(starts().toString(), starts().toString().contains("rchive"));
    }

    @Test
    public void java_is_left_as_it_is() throws Exception {
        run("karaf", "daemon");
        assertFalse(starts().toString(), starts().get(0).contains("patch-module"));
    }

    private Path archive(String kind) {
        return karaf.file("data/java/classes." + kind);
    }

    /** Has Java end with a status where its words match a pattern of the shell. */
    private void answers(String pattern, int status) throws IOException {
        program("OpenJDK 17", "case \"$*\" in %s) exit %d ;; esac".formatted(pattern, status));
    }

    private void madeBy(String maker) throws IOException {
        program(maker, "");
    }

    private void program(String maker, String last) throws IOException {
        String script =
                """
                #!/bin/sh
                printf '%%s\\n' "$*" >> '%s'
                if [ "$1" = -version ]; then
                    printf '%%s\\n' '%s' 'openjdk version "17.0.1" 2021-10-19' >&2
                fi
                %s
                """
                        .formatted(calls, maker, last);
        Path program = Files.createDirectories(java.resolve("bin")).resolve("java");
        Files.writeString(program, script, UTF_8);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void release(String maker) throws IOException {
        Files.writeString(java.resolve("release"), "IMPLEMENTOR=\"" + maker + "\"\nJAVA_VERSION=\"17.0.1\"\n", UTF_8);
    }

    private List<String> calls() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls, UTF_8) : List.of();
    }

    private List<String> starts() throws IOException {
        return calls().stream().filter(call -> !call.endsWith("-version")).toList();
    }

    private List<String> questions() throws IOException {
        return calls().stream().filter(call -> call.endsWith("-version")).toList();
    }

    private void run(String script, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(karaf.file("bin/" + script).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.contains("JAVA") || name.contains("KARAF"));
        builder.environment().putAll(Map.of("JAVA_HOME", java.toString(), "JAVA_MAX_MEM", "77m"));
        builder.environment().putAll(environment);
        File output = folder.newFile();
        Process shell = builder.redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertTrue(script + " does not end", shell.waitFor(60, TimeUnit.SECONDS));
            assertEquals(Files.readString(output.toPath(), UTF_8), 0, shell.exitValue());
        } finally {
            shell.destroyForcibly();
        }
    }
}
