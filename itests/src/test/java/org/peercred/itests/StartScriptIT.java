/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
        List<String> started = calls();
        assertEquals(started.toString(), 1, started.size());
        assertTrue(started.toString(), started.get(0).contains(" org.apache.karaf.main.Main"));
    }

    @Test
    public void what_the_file_says_and_what_java_says_lead_to_the_same_options() throws Exception {
        run("karaf", "daemon");
        String known = calls().get(0);
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
        List<String> started = calls();
        assertEquals(started.toString(), 3, started.size());
        assertTrue(started.toString(), started.get(2).contains(" -Xverify:none "));
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

    private void madeBy(String maker) throws IOException {
        String script =
                """
                #!/bin/sh
                printf '%%s\\n' "$*" >> '%s'
                if [ "$1" = -version ]; then
                    printf '%%s\\n' '%s' 'openjdk version "17.0.1" 2021-10-19' >&2
                fi
                """
                        .formatted(calls, maker);
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
        return calls().stream().filter(call -> !call.equals("-version")).toList();
    }

    private void run(String script, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(karaf.file("bin/" + script).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.contains("JAVA") || name.contains("KARAF"));
        builder.environment().putAll(Map.of("JAVA_HOME", java.toString(), "JAVA_MAX_MEM", "77m"));
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
