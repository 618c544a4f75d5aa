/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.credentials.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.peercred.credentials.Fact;
import org.peercred.credentials.NameServiceException;
import org.peercred.credentials.Peer;
import org.peercred.credentials.PeerProcess;
import org.peercred.credentials.SystemCallException;

/** Runs in a {@link ChildJvm} and writes what it sees as lines {@code key=value}. */
final class Probe {

    private static final Native SYSTEM = Native.load();
    private static final ProcessTable PROCESSES = new KernelProcessTable(SYSTEM);
    private static final KernelPeerCredentialProvider PROVIDER = new KernelPeerCredentialProvider(SYSTEM, PROCESSES);

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        say("daemonUid", PROVIDER.daemonUid());
        say("overflowUid", PROVIDER.overflowUid());
        switch (arguments[0]) {
            case "serve" -> serve();
            case "self" -> self();
            case "exhaust" -> exhaust();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Identifies the first client that connects. */
    private static void serve() throws Exception {
        try (Server server = new Server()) {
            say("path", server.path());
            try (Connection connection = Connection.accept(server, PROVIDER)) {
                tell(connection.peer());
            }
        }
    }

    /** Identifies itself. */
    private static void self() throws Exception {
        try (Sockets.Pair pair = Sockets.pair();
                Peer peer = PROVIDER.identify(pair.first())) {
            tell(peer);
        } catch (SystemCallException e) {
            say("failure", e.errno() + " " + e.getMessage());
        }
        say("pin", describe(new KernelProcessPinner(PROCESSES).pin((int)
                        ProcessHandle.current().pid())));
    }

    /** Asks for everything three times: with descriptors at hand, with none left, and with some at hand again: then of the same peer. */
    private static void exhaust() throws Exception {
        try (Sockets.Pair pair = Sockets.pair();
                Peer early = PROVIDER.identify(pair.first())) {
            PeerProcess process = early.process().value().orElseThrow();
            ask("before", early, process);
            try (Peer peer = PROVIDER.identify(pair.first());
                    Peer other = PROVIDER.identify(pair.first())) {
                PeerProcess pinned = other.process().value().orElseThrow();
                List<Integer> taken = takeAll(pair.first());
                ask("without", peer, pinned);
                taken.forEach(Sockets::close);
                ask("after", peer, pinned);
            }
        }
    }

    private static List<Integer> takeAll(int descriptor) {
        List<Integer> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(Sockets.duplicate(descriptor));
            } catch (IOException e) {
                return taken;
            }
        }
    }

    private static void ask(String when, Peer peer, PeerProcess pinned) throws Exception {
        say(when + ".uid", peer.uid());
        say(when + ".process", describe(peer.process()));
        say(when + ".alive", pinned.alive());
        say(when + ".startTime", describe(pinned.startTime()));
        say(when + ".ancestors", describe(pinned.ancestors()));
        try {
            // Not root: the name service of systemd knows that one by heart.
            say(when + ".user", new NativeUserDatabase(SYSTEM).uid("daemon").isPresent());
        } catch (NameServiceException e) {
            say(when + ".user", e.getMessage());
        }
        try {
            say(when + ".pin", describe(new KernelProcessPinner(PROCESSES).pin(1)));
        } catch (SystemCallException e) {
            say(when + ".pin", e.getMessage());
        }
    }

    private static void tell(Peer peer) {
        say("uid", peer.uid());
        say("gid", peer.gid());
        say("pid", peer.pid());
        say("groups", describe(peer.groups()));
        say("process", describe(peer.process()));
        peer.process().value().ifPresent(process -> {
            say("startTime", describe(process.startTime()));
            say("executable", describe(process.executable()));
            say("controlGroup", describe(process.controlGroup()));
            say("ancestors", describe(process.ancestors()));
        });
    }

    private static String describe(Fact<?> fact) {
        return fact.value()
                .map(value -> value instanceof PeerProcess ? "present" : "present " + value)
                .orElse(fact.absence());
    }

    private static void say(String key, Object value) {
        System.out.println(key + "=" + value);
        System.out.flush();
    }
}
