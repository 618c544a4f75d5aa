/*
 * Licensed under the Apache License, Version 2.0; see the file LICENSE.
 * SPDX-License-Identifier: Apache-2.0
 */
package org.peercred.itests;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process holds that a bundle of ours may have left behind: Unix sockets, descriptors of the event loops and of pinned
 * processes, and threads.
 *
 * @param descriptors how many of each kind
 * @param threads how many of each name
 */
record Holdings(Map<String, Long> descriptors, Map<String, Long> threads) {

    static Holdings now() throws IOException {
        return new Holdings(descriptorsNow(), threadsNow());
    }

    /** What is held before anything of ours is installed, once this virtual machine has what it keeps for its own use of sockets. */
    static Holdings baseline(Path unusedPath) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(unusedPath));
            try (Client client = Client.connect(unusedPath)) {
                server.accept().close();
                client.rest();
            }
        } finally {
            Files.deleteIfExists(unusedPath);
        }
        return now();
    }

    private static Map<String, Long> descriptorsNow() throws IOException {
        Set<String> unixSockets = unixSockets();
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.map(Holdings::target)
                    .filter(target -> target.startsWith("anon_inode:") || unixSockets.contains(target))
                    .map(target -> target.startsWith("socket:") ? "unix socket" : target)
                    .collect(groupingBy(target -> target, TreeMap::new, counting()));
        }
    }

    private static Set<String> unixSockets() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/unix"))) {
            return lines.skip(1)
                    .map(line -> "socket:[" + line.trim().split("\\s+")[6] + "]")
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "closed meanwhile";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("peercred"))
                .map(name -> name.replaceAll("[0-9]+", "N"))
                .collect(groupingBy(name -> name, TreeMap::new, counting()));
    }
}
