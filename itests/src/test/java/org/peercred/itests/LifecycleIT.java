/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Bundles that come and go under open connections, each alone and each pair in both orders. Whatever is missing, the door is closed, not
 * open; afterwards all is as it was, and nothing is left behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class LifecycleIT extends StockKaraf {

    private static final String DENIED = "Unauthorized access";

    private static final String UNAVAILABLE = "Service unavailable";

    /** What a client of the echo listener hears while this bundle is stopped. The API has no code that runs: without it, all goes on. */
    private static final Map<String, String> HEARD_WITHOUT = Map.of(
            "org.peercred.api",
            "> hello",
            "org.peercred.board",
            "> hello",
            "org.peercred.command",
            "> hello",
            "org.peercred.console",
            "> hello",
            "org.peercred.credentials",
            DENIED,
            "org.peercred.policy",
            DENIED,
            "org.peercred.listener",
            Client.NO_SOCKET,
            "org.peercred.echo",
            UNAVAILABLE,
            "org.peercred.shell",
            "> hello");

    /** Bundles that the echo listener needs nothing of. */
    private static final Set<String> OTHERS =
            Set.of("org.peercred.board", "org.peercred.command", "org.peercred.console", "org.peercred.shell");

    private static final List<String> NAMES =
            HEARD_WITHOUT.keySet().stream().sorted().toList();

    private static Path directory;
    private static Path socket;
    private static Path commands;
    private static Holdings before;

    private final List<Client> clients = new ArrayList<>();

    @Before
    public void install() throws Exception {
        if (directory == null) {
            directory = directoryOfThisRun();
            socket = directory.resolve("echo");
            commands = directory.resolve("command");
            before = baseline(socket);
            addRepository();
            console("feature:install peercred");
            await().atMost(120, TimeUnit.SECONDS)
                    .until(() ->
                            configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~echo)") != null);
            set("org.peercred.listener~echo", "path", socket.toString());
            await().atMost(120, TimeUnit.SECONDS)
                    .until(() -> configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~command)")
                            != null);
            set("org.peercred.listener~command", "path", commands.toString());
        }
        awaitHears(socket, "hello", "> hello");
    }

    @After
    public void disconnect() throws Exception {
        for (Client client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    public void each_bundle_stops_and_starts() throws Exception {
        for (String name : NAMES) {
            connectTwo();
            bundle(name).stop();
            awaitHears(socket, "hello", HEARD_WITHOUT.get(name));
            awaitHears(commands, "view", heardByCommands(name));
            if (!goesOnWithout(name)) {
                assertConnectionsEnd();
            }
            bundle(name).start();
            assertBack();
            awaitShell();
        }
    }

    @Test
    public void each_pair_stops_and_starts() throws Exception {
        for (List<String> pair : pairs()) {
            connectTwo();
            bundle(pair.get(0)).stop();
            bundle(pair.get(1)).stop();
            assertClosedUnless(pair.stream().allMatch(LifecycleIT::goesOnWithout));
            bundle(pair.get(0)).start();
            assertClosedUnless(goesOnWithout(pair.get(1)));
            bundle(pair.get(1)).start();
            assertBack();
        }
    }

    @Test
    public void each_bundle_is_updated() throws Exception {
        for (String name : NAMES) {
            connectTwo();
            bundle(name).update();
            refresh();
            assertBack();
        }
    }

    @Test
    public void each_pair_is_updated() throws Exception {
        for (List<String> pair : pairs()) {
            connectTwo();
            bundle(pair.get(0)).update();
            bundle(pair.get(1)).update();
            refresh();
            assertBack();
        }
    }

    @Test
    public void each_bundle_is_uninstalled_and_comes_back() throws Exception {
        for (String name : NAMES) {
            uninstallAndReinstall(List.of(name));
        }
    }

    @Test
    public void each_pair_is_uninstalled_and_comes_back() throws Exception {
        for (List<String> pair : pairs()) {
            uninstallAndReinstall(pair);
        }
    }

    @Test
    public void a_hundred_restarts_of_every_bundle_leave_nothing_behind() throws Exception {
        connectTwo();
        for (int round = 0; round < 100; round++) {
            for (String name : NAMES) {
                bundle(name).stop();
                bundle(name).start();
            }
        }
        assertBack();
        for (String name : NAMES) {
            bundle(name).stop();
        }
        awaitHears(socket, "hello", Client.NO_SOCKET);
        disconnect();
        awaitHoldings(before);
        for (String name : NAMES) {
            bundle(name).start();
        }
        assertBack();
    }

    private void uninstallAndReinstall(List<String> names) throws Exception {
        connectTwo();
        Map<String, String> locations = new HashMap<>();
        for (String name : names) {
            locations.put(name, bundle(name).getLocation());
            bundle(name).uninstall();
        }
        refresh();
        assertClosedUnless(OTHERS.containsAll(names));
        for (String name : names) {
            bundleContext.installBundle(locations.get(name));
        }
        // Those that could not do without the missing one were stopped as well, and nobody but an operator starts them
        // again.
        for (Bundle bundle : bundleContext.getBundles()) {
            if (bundle.getSymbolicName().startsWith("org.peercred.")) {
                bundle.start();
            }
        }
        assertBack();
    }

    /** Every ordered pair of bundles. */
    private static List<List<String>> pairs() {
        return NAMES.stream()
                .flatMap(first ->
                        NAMES.stream().filter(second -> !second.equals(first)).map(second -> List.of(first, second)))
                .toList();
    }

    private Bundle bundle(String name) {
        return Arrays.stream(bundleContext.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }

    private void refresh() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        bundleContext
                .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(null, event -> done.countDown());
        if (!done.await(120, TimeUnit.SECONDS)) {
            throw new AssertionError("the framework did not refresh the bundles within 120 s");
        }
    }

    /** One connection that has talked, and one that has not. */
    private void connectTwo() throws IOException {
        Client talking = Client.connect(socket);
        clients.add(talking);
        assertEquals("> hello", talking.ask("hello"));
        clients.add(Client.connect(socket));
    }

    private void assertConnectionsEnd() throws IOException {
        for (Client client : clients) {
            client.rest();
        }
    }

    private static boolean goesOnWithout(String name) {
        return HEARD_WITHOUT.get(name).startsWith("> ");
    }

    /** What a client of the command listener hears: the same, but for the two services and the notice board. */
    private static String heardByCommands(String without) {
        return switch (without) {
            case "org.peercred.board" -> "error: unknown command: view";
            case "org.peercred.command" -> UNAVAILABLE;
            case "org.peercred.echo" -> "ok";
            default -> goesOnWithout(without) ? "ok" : HEARD_WITHOUT.get(without);
        };
    }

    private static void assertClosedUnless(boolean mayServe) throws IOException {
        if (!mayServe) {
            assertNotEquals("> hello", Client.hears(socket, "hello"));
        }
    }

    private void awaitShell() {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .ignoreExceptions()
                .until(() -> console("peercred:listeners").contains(commands.toString()));
    }

    /** New clients are served, and what went away in between left nothing behind. */
    private void assertBack() throws Exception {
        awaitHears(socket, "hello", "> hello");
        awaitHears(commands, "view", "ok");
        disconnect();
    }
}
