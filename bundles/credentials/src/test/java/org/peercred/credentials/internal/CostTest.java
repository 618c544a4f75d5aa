/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.peercred.credentials.Peer;

/** What facts cost, and that those which nobody asks for cost nothing. */
@Timeout(300)
class CostTest {

    private final Native system = Native.load();

    @Test
    void identifying_takes_one_system_call_and_every_fact_its_own_once() throws Exception {
        List<String> calls = new ArrayList<>();
        Native counting = new Native(recording(calls), system.runtime());
        var provider = new KernelPeerCredentialProvider(counting, new KernelProcessTable(counting));
        try (Sockets.Pair pair = Sockets.pair()) {
            Peer peer = provider.identify(pair.first());
            peer.uid();
            peer.gid();
            peer.pid();
            assertEquals(List.of("getsockopt 17"), calls);
            for (int i = 0; i < 3; i++) {
                peer.groups();
                peer.securityLabel();
            }
            assertEquals(List.of("getsockopt 17", "getsockopt 59", "getsockopt 31"), calls);
            calls.clear();
            for (int i = 0; i < 3; i++) {
                peer.process().value().orElseThrow().executable();
            }
            assertEquals(List.of("getsockopt 77", "fstatfs", "syscall", "poll"), calls);
            calls.clear();
            peer.close();
            peer.close();
            assertEquals(List.of("close"), calls);
        }
    }

    @Test
    void a_process_that_connects_again_is_not_looked_for_again() throws Exception {
        List<String> calls = new ArrayList<>();
        Native counting = new Native(recording(calls), system.runtime());
        KernelProcessTable table = new KernelProcessTable(counting);
        var provider = new KernelPeerCredentialProvider(counting, table);
        try (Sockets.Pair pair = Sockets.pair()) {
            for (int i = 0; i < 3; i++) {
                assertThatAllFactsAreRead(provider, pair);
            }
            calls.clear();
            try (Peer peer = provider.identify(pair.first())) {
                assertTrue(peer.process()
                        .value()
                        .orElseThrow()
                        .executable()
                        .value()
                        .isPresent());
            }
            // which process, which file it executes, and which one stands at the path
            assertEquals(List.of("getsockopt 17", "getsockopt 77", "syscall", "syscall", "syscall", "close"), calls);
            calls.clear();
            try (Peer peer = provider.identify(pair.first())) {
                assertTrue(peer.process()
                        .value()
                        .orElseThrow()
                        .controlGroup()
                        .value()
                        .isPresent());
            }
            assertEquals(List.of("getsockopt 17", "getsockopt 77", "ioctl", "poll", "close"), calls);
        } finally {
            table.letGo();
        }
    }

    @Test
    void a_peer_that_is_asked_for_its_ids_only_needs_no_more_than_an_object() throws Exception {
        var provider = new KernelPeerCredentialProvider(system, new KernelProcessTable(system));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Sockets.Pair pair = Sockets.pair()) {
            Peer[] kept = new Peer[10_000];
            identify(provider, pair, kept);
            long before = threads.getCurrentThreadAllocatedBytes();
            identify(provider, pair, kept);
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / kept.length;
            assertTrue(each <= 64, each + " bytes");
        }
    }

    private static void identify(KernelPeerCredentialProvider provider, Sockets.Pair pair, Peer[] kept)
            throws Exception {
        for (int i = 0; i < kept.length; i++) {
            kept[i] = provider.identify(pair.first());
            assertEquals(kept[0].uid(), kept[i].uid());
            kept[i].close();
        }
    }

    @Test
    void ten_thousand_peers_with_all_their_facts_leave_no_descriptor_behind() throws Exception {
        var provider = new KernelPeerCredentialProvider(system, new KernelProcessTable(system));
        try (Sockets.Pair pair = Sockets.pair()) {
            assertThatAllFactsAreRead(provider, pair);
            long before = openDescriptors();
            for (int i = 0; i < 10_000; i++) {
                if (i % 100 == 0) {
                    assertThatAllFactsAreRead(provider, pair);
                }
                try (Peer peer = provider.identify(pair.first())) {
                    assertTrue(peer.process().value().orElseThrow().alive());
                }
            }
            long after = openDescriptors();
            assertTrue(after < before + 20, before + " descriptors became " + after);
        }
    }

    private static void assertThatAllFactsAreRead(KernelPeerCredentialProvider provider, Sockets.Pair pair)
            throws Exception {
        try (Peer peer = provider.identify(pair.first())) {
            assertTrue(peer.groups().value().isPresent());
            var process = peer.process().value().orElseThrow();
            assertTrue(process.startTime().value().isPresent());
            assertTrue(process.executable().value().isPresent());
            assertTrue(process.controlGroup().value().isPresent());
            assertTrue(process.ancestors().value().isPresent());
        }
    }

    @Test
    void many_threads_at_once_never_see_each_others_answers() throws Exception {
        int threads = 8;
        var provider = new KernelPeerCredentialProvider(system, new KernelProcessTable(system));
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Client> clients = new ArrayList<>();
        List<Integer> descriptors = new ArrayList<>();
        try (Server server = new Server()) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Client client = new Client(server);
                clients.add(client);
                client.tell("connect()");
                int descriptor = server.accept();
                descriptors.add(descriptor);
                tasks.add(() -> wrongAnswers(provider, descriptor, client.pid()));
            }
            int wrong = 0;
            for (Future<Integer> outcome : executor.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                wrong += outcome.get();
            }
            assertEquals(0, wrong);
        } finally {
            executor.shutdownNow();
            clients.forEach(Client::close);
            descriptors.forEach(Sockets::close);
        }
    }

    private static int wrongAnswers(KernelPeerCredentialProvider provider, int descriptor, int pid) throws Exception {
        int wrong = 0;
        for (int i = 0; i < 50_000; i++) {
            if (!provider.identify(descriptor).pid().equals(OptionalInt.of(pid))) {
                wrong++;
            }
        }
        return wrong;
    }

    private static long openDescriptors() throws Exception {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private LibC recording(List<String> calls) {
        return (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName().equals("getsockopt") ? "getsockopt " + arguments[2] : method.getName());
                    try {
                        return method.invoke(system.libc(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
