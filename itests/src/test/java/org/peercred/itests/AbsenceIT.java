/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;

/**
 * While the configuration of a policy that can deny exists, its absence closes what it covers. The user of this container is whom the
 * owner policy allows and another policy, which no listener requires, denies.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class AbsenceIT extends StockKaraf {

    private static final String DENIED = "Unauthorized access";
    private static final int RESTARTS = 20;
    private static final int CLIENTS = 2;

    private static Path socket;

    @Before
    public void install() throws Exception {
        if (socket != null) {
            return;
        }
        socket = directoryOfThisRun().resolve("echo");
        addRepository();
        console("feature:install peercred");
        await().atMost(120, TimeUnit.SECONDS)
                .until(() -> configurationAdmin.listConfigurations("(service.pid=org.peercred.listener~echo)") != null);
        String echo = "org.peercred.listener~echo";
        Change.lasts(echo, "path", socket.toString(), () -> {
            EtcFile.remove(etc(echo), "required.policies");
            EtcFile.set(etc(echo), "path", socket.toString());
        });
        awaitHears(socket, "hello", "> hello");
    }

    @After
    public void nobodyIsDeniedAnyMore() {
        awaitHears(socket, "hello", "> hello");
    }

    @Test
    public void a_uid_policy_denies_throughout_twenty_restarts_of_its_bundle() throws Exception {
        deniesThroughout("org.peercred.policy.uid", "allow", "4294967294", "otherwise", "deny");
    }

    @Test
    public void an_executable_policy_denies_throughout_twenty_restarts_of_its_bundle() throws Exception {
        deniesThroughout("org.peercred.policy.executable", "only", "/nowhere/program");
    }

    @Test
    public void a_policy_that_comes_and_goes_drops_nobody_whom_it_allows() throws Exception {
        try (Client client = Client.connect(socket)) {
            for (int round = 0; round < RESTARTS; round++) {
                Configuration own =
                        configure("org.peercred.policy.uid", "allow", Integer.toString(ownUid()), "otherwise", "deny");
                awaitPolicies("uid~absence", true);
                assertEquals("> up", client.ask("up"));
                own.delete();
                awaitPolicies("uid~absence", false);
                assertEquals("> down", client.ask("down"));
            }
        }
    }

    @Test
    public void a_policy_whose_file_is_deleted_leaves_nothing_closed() throws Exception {
        Path file = etc().resolve("org.peercred.policy.uid-file.cfg");
        EtcFile.write(file, "allow = 4294967294\notherwise = deny\n");
        awaitHears(socket, "hello", DENIED);
        Files.delete(file);
        awaitHears(socket, "hello", "> hello");
        awaitPolicies("uid~file", false);
    }

    @Test
    public void a_policy_that_is_away_is_shown_with_the_reason() throws Exception {
        Configuration own =
                configure("org.peercred.policy.uid", "allow", Integer.toString(ownUid()), "otherwise", "deny");
        awaitPolicies("uid~absence", true);
        bundle("org.peercred.credentials").stop();
        awaitPolicies("the policy uid~absence is configured but not there yet", true);
        bundle("org.peercred.credentials").start();
        awaitPolicies("the policy uid~absence is configured but not there yet", false);
        awaitHears(socket, "hello", "> hello");
        own.delete();
        awaitPolicies("uid~absence", false);
    }

    private void deniesThroughout(String factoryPid, String... settings) throws Exception {
        Configuration configuration = configure(factoryPid, settings);
        awaitHears(socket, "hello", DENIED);
        Bundle bundle = bundle("org.peercred.policy");
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong asked = new AtomicLong();
        AtomicLong servedOnes = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    while (!over.get()) {
                        asked.incrementAndGet();
                        if (Client.hears(socket, "hello").equals("> hello")) {
                            servedOnes.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (int round = 0; round < RESTARTS; round++) {
                bundle.stop();
                awaitMore(asked);
                bundle.start();
                awaitMore(asked);
            }
            over.set(true);
            for (Future<?> client : clients) {
                client.get(120, TimeUnit.SECONDS);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        assertTrue("only " + asked + " asked", asked.get() > 20L * RESTARTS);
        System.out.println(factoryPid + ": " + asked + " asked during " + RESTARTS + " restarts");
        assertEquals("of " + asked + " who were to be denied were served", 0, servedOnes.get());
        configuration.delete();
    }

    private Bundle bundle(String name) {
        return Arrays.stream(bundleContext.getBundles())
                .filter(candidate -> candidate.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitMore(AtomicLong asked) {
        long before = asked.get();
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(() -> asked.get() > before + 500);
    }

    private Configuration configure(String factoryPid, String... settings) throws IOException {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(settings[i], settings[i + 1]);
        }
        properties.put("listeners", "echo");
        Configuration configuration = configurationAdmin.getFactoryConfiguration(factoryPid, "absence", "?");
        configuration.update(FrameworkUtil.asDictionary(properties));
        return configuration;
    }

    private void awaitPolicies(String id, boolean there) {
        await().atMost(120, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> console("peercred:policies").contains(id) == there);
    }
}
