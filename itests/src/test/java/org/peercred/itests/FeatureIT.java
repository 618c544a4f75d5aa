/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationListener;

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
                        "org.peercred.console.cfg",
                        "org.peercred.echo.cfg",
                        "org.peercred.listener-command.cfg",
                        "org.peercred.listener-console.cfg",
                        "org.peercred.listener-echo.cfg",
                        "org.peercred.policy.command-board.cfg",
                        "org.peercred.policy.owner.cfg",
                        "org.peercred.policy.superuser.cfg",
                        "org.peercred.roles-board.cfg",
                        "org.peercred.roles-console.cfg"),
                ourFiles());
        for (String name : ourFiles()) {
            String text = Files.readString(etc().resolve(name), UTF_8);
            assertTrue("comments survive the installation of " + name, text.startsWith("# "));
        }
        assertTrue(Files.readString(etc().resolve("org.peercred.listener-echo.cfg"), UTF_8)
                .contains("\npath = /tmp/echo.sock\n"));

        assertEquals(
                "nobody is let in before a policy is there, and nobody waits for a shell",
                List.of("listener", "console shell"),
                latestToStart());

        // Not on /tmp/echo.sock, where a demonstration may be running on this machine.
        Path socket = directory.resolve("s");
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~echo)") != null);
        set("org.peercred.listener~echo", "path", socket.toString());
        awaitHears(socket, "this is a line", "> this is a line");
        Path audit = Path.of(System.getProperty("karaf.log"), "audit.log");
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> Files.readString(audit, UTF_8).contains("event=closed listener=echo "));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(audit)));

        console("feature:uninstall peercred");
        awaitHears(socket, "this is a line", Client.NO_SOCKET);
        assertNothingOfOursIsLeft();
        assertTrue(
                "files stay, changes to them included",
                Files.readString(etc().resolve("org.peercred.listener-echo.cfg"), UTF_8)
                        .contains(socket.toString()));
        assertTrue(Files.exists(etc().resolve("org.peercred.policy.owner.cfg")));
    }

    @Test
    public void what_a_karaf_with_its_own_settings_misses_counts_all_the_same() throws Exception {
        install("peercred-shell");
        Path target = Files.writeString(directory.resolve("s"), "allow = 1\n");
        Path link = etc().resolve("org.peercred.policy.uid-linked.cfg");
        awaitWrittenBack("~linked", () -> Files.createSymbolicLink(link, target));
        awaitAllow("linked", "1");
        Files.writeString(target, "allow = 2\n");
        awaitAllow("linked", "2");

        // More than the kernel's queue of notices holds, by far.
        Path next = Files.createDirectory(etc().resolveSibling("next"));
        for (int i = 0; i < 600; i++) {
            Files.writeString(next.resolve("org.peercred.policy.uid-u" + i + ".cfg"), "allow = " + i + "\n");
        }
        try (var files = Files.list(next)) {
            for (Path file : files.toList()) {
                Files.move(file, etc().resolve(file.getFileName()));
            }
        }
        for (int sample : new int[] {0, 299, 599}) {
            awaitAllow("u" + sample, String.valueOf(sample));
        }

        Files.writeString(etc().resolve("org.peercred.policy.uid_block.cfg"), "allow = 1\n");
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> console("peercred:policies").contains("Nobody reads"));
        RuntimeException found = assertThrows(RuntimeException.class, () -> console("peercred:doctor"));
        assertTrue(found.toString(), found.toString().contains("findings."));
    }

    /**
     * Karaf writes what it has just taken in back to its file, when it hears of it: a change at that very moment is undone by it. Events
     * of configurations are told one after another: once the configuration's own was heard, and then a later one, that has happened.
     *
     * @param name the end of the configuration's PID
     * @param creation has it made
     */
    private void awaitWrittenBack(String name, Callable<?> creation) throws Exception {
        String pid = "org.peercred.itests.later";
        CompletableFuture<Void> taken = new CompletableFuture<>();
        CompletableFuture<Void> heard = new CompletableFuture<>();
        ServiceRegistration<ConfigurationListener> listening = bundleContext.registerService(
                ConfigurationListener.class,
                event -> {
                    if (event.getPid().endsWith(name)) {
                        taken.complete(null);
                    } else if (event.getPid().equals(pid)) {
                        heard.complete(null);
                    }
                },
                null);
        Configuration later = configurationAdmin.getConfiguration(pid, "?");
        try {
            creation.call();
            taken.get(120, TimeUnit.SECONDS);
            later.update(FrameworkUtil.asDictionary(Map.of("key", "value")));
            heard.get(120, TimeUnit.SECONDS);
        } finally {
            listening.unregister();
            later.delete();
        }
    }

    private void awaitAllow(String name, String allowed) {
        String filter =
                "(&(service.factoryPid=org.peercred.policy.uid)(service.pid=*~" + name + ")(allow=" + allowed + "))";
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .until(() -> configurationAdmin.listConfigurations(filter) != null);
    }

    private void install(String feature) throws Exception {
        console("feature:install " + feature);
        // Karaf reads its repositories anew now and then, and knows no feature meanwhile.
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreException(ArrayIndexOutOfBoundsException.class)
                .untilAsserted(() -> assertFeatureInstalled(feature));
        for (Bundle bundle : bundleContext.getBundles()) {
            boolean isFragment = bundle.getHeaders().get("Fragment-Host") != null;
            List<Integer> fine = isFragment ? List.of(Bundle.RESOLVED) : List.of(Bundle.ACTIVE, Bundle.STARTING);
            assertTrue(bundle.getSymbolicName() + ": " + bundle.getState(), fine.contains(bundle.getState()));
        }
    }

    /** Our bundles of the two latest start levels. */
    private List<String> latestToStart() {
        TreeMap<Integer, TreeSet<String>> byLevel = new TreeMap<>();
        for (Bundle bundle : bundleContext.getBundles()) {
            if (bundle.getSymbolicName().startsWith("org.peercred.")) {
                String name = bundle.getSymbolicName().substring("org.peercred.".length());
                int level = bundle.adapt(BundleStartLevel.class).getStartLevel();
                byLevel.computeIfAbsent(level, none -> new TreeSet<>()).add(name);
            }
        }
        return byLevel.tailMap(byLevel.lowerKey(byLevel.lastKey())).values().stream()
                .map(names -> String.join(" ", names))
                .toList();
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
