/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Each feature, alone in a container that nothing was installed in before. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class FeatureIT extends StockKaraf {

    private Path directory;
    private Holdings before;

    @Before
    public void prepare() throws Exception {
        directory = Files.createTempDirectory("peercred-it");
        before = baseline(directory.resolve("s"));
        addRepository();
    }

    @After
    public void cleanUp() throws Exception {
        Files.deleteIfExists(directory.resolve("s"));
        Files.delete(directory);
    }

    @Test
    public void the_native_stack_calls_libc_and_opens_a_socket() throws Exception {
        install("peercred-jnr");
        assertEquals(ownUid(), NativeProbe.effectiveUid());
        assertEquals("through the kernel", NativeProbe.roundTrip(directory.resolve("s"), "through the kernel"));
    }

    @Test
    public void the_core_opens_no_socket_by_itself_and_serves_nobody_without_a_policy_and_a_service() throws Exception {
        install("peercred-core");
        assertEquals("brings no configuration", List.of(), ourFiles());
        assertEquals("opens no socket", unixSockets(before), unixSockets(Holdings.now()));

        Path socket = directory.resolve("s");
        console(
                "config:edit --factory --alias bare org.peercred.listener",
                "config:property-set path " + socket,
                "config:update");
        awaitHears(socket, "hello", "Unauthorized access");

        console("config:edit org.peercred.policy.owner", "config:property-set listeners bare", "config:update");
        awaitHears(socket, "hello", "Service unavailable");

        console("feature:uninstall peercred-core");
        awaitHears(socket, "hello", Client.NO_SOCKET);
        assertNothingOfOursIsLeft();
        assertEquals(
                "an operator's files outlive the core",
                List.of("org.peercred.listener-bare.cfg", "org.peercred.policy.owner.cfg"),
                ourFiles());
    }

    @Test
    public void the_echo_service_waits_for_a_listener() throws Exception {
        install("peercred-echo");
        assertEquals(List.of(), ourFiles());
        assertEquals("opens no socket", unixSockets(before), unixSockets(Holdings.now()));
        assertContains("peercred.service = echo", console("service:list org.peercred.service.LineService"));
    }

    @Test
    public void the_demonstration_echoes_to_the_user_who_runs_it() throws Exception {
        install("peercred");
        assertEquals(
                List.of(
                        "org.peercred.echo.cfg",
                        "org.peercred.listener-command.cfg",
                        "org.peercred.listener-echo.cfg",
                        "org.peercred.policy.command-board.cfg",
                        "org.peercred.policy.owner.cfg",
                        "org.peercred.policy.superuser.cfg",
                        "org.peercred.roles-board.cfg"),
                ourFiles());
        for (String name : ourFiles()) {
            String text = Files.readString(etc().resolve(name), UTF_8);
            assertTrue("comments survive the installation of " + name, text.startsWith("# "));
        }
        assertTrue(Files.readString(etc().resolve("org.peercred.listener-echo.cfg"), UTF_8)
                .contains("\npath = /tmp/echo.sock\n"));

        assertEquals(
                "nobody is refused for want of a policy or service that starts later", "listener", latestToStart());

        // Not on /tmp/echo.sock, where a demonstration may be running on this machine.
        Path socket = directory.resolve("s");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~echo)") != null);
        console("config:edit org.peercred.listener~echo", "config:property-set path " + socket, "config:update");
        awaitHears(socket, "this is a line", "> this is a line");

        console("feature:uninstall peercred");
        awaitHears(socket, "this is a line", Client.NO_SOCKET);
        assertNothingOfOursIsLeft();
    }

    private void install(String feature) throws Exception {
        console("feature:install " + feature);
        assertFeatureInstalled(feature);
        for (Bundle bundle : bundleContext.getBundles()) {
            boolean isFragment = bundle.getHeaders().get("Fragment-Host") != null;
            List<Integer> fine = isFragment ? List.of(Bundle.RESOLVED) : List.of(Bundle.ACTIVE, Bundle.STARTING);
            assertTrue(bundle.getSymbolicName() + ": " + bundle.getState(), fine.contains(bundle.getState()));
        }
    }

    private String latestToStart() {
        TreeMap<Integer, String> byLevel = new TreeMap<>();
        for (Bundle bundle : bundleContext.getBundles()) {
            if (bundle.getSymbolicName().startsWith("org.peercred.")) {
                String name = bundle.getSymbolicName().substring("org.peercred.".length());
                byLevel.merge(bundle.adapt(BundleStartLevel.class).getStartLevel(), name, (a, b) -> a + " " + b);
            }
        }
        return byLevel.lastEntry().getValue();
    }

    private void assertNothingOfOursIsLeft() throws Exception {
        List<String> bundles = Arrays.stream(bundleContext.getBundles())
                .map(Bundle::getSymbolicName)
                .filter(name -> name.startsWith("org.peercred."))
                .toList();
        assertEquals(List.of(), bundles);
        awaitHoldings(before);
    }

    private static long unixSockets(Holdings holdings) {
        return holdings.descriptors().getOrDefault("unix socket", 0L);
    }
}
